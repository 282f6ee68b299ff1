// SPDX-License-Identifier: MIT
#include "operation/failing_calls.hpp"

#include <dlfcn.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdarg>

namespace nestling::testing {

namespace {

struct Plan {
    std::atomic<int> error{0};
    std::atomic<int> left{0};
    std::atomic<int> failed{0};
};
std::array<Plan, call_kinds> plans;

Plan& plan_of(Call call) {
    return plans[static_cast<std::size_t>(call)];
}

bool must_fail(Call call) noexcept {
    Plan& plan = plan_of(call);
    const int error = plan.error.load();
    if (error == 0 || plan.left.fetch_sub(1) <= 0) {
        return false;
    }
    plan.failed.fetch_add(1);
    errno = error;
    return true;
}

template <class Function>
Function real(const char* name) noexcept {
    return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

FailingCall::FailingCall(Call call, int error, int times) : call_(call) {
    plan_of(call).failed.store(0);
    plan_of(call).left.store(times);
    plan_of(call).error.store(error);
}

FailingCall::~FailingCall() {
    plan_of(call_).error.store(0);
}

int FailingCall::count() const {
    return plan_of(call_).failed.load();
}

}  // namespace nestling::testing

extern "C" {
using nestling::testing::Call;

int signalfd(int fd, const sigset_t* signals, int flags) noexcept {
    static const auto next = nestling::testing::real<int (*)(int, const sigset_t*, int)>("signalfd");
    return nestling::testing::must_fail(Call::signalfd) ? -1 : next(fd, signals, flags);
}

int waitid(idtype_t type, id_t id, siginfo_t* info, int options) {
    static const auto next = nestling::testing::real<int (*)(idtype_t, id_t, siginfo_t*, int)>("waitid");
    return nestling::testing::must_fail(Call::waitid) ? -1 : next(type, id, info, options);
}

long syscall(long number, ...) noexcept {
    // No guarded static: the guard of libc++abi asks the kernel for the thread's number, by this call.
    static std::atomic<long (*)(long, ...)> found{nullptr};
    auto* next = found.load();
    if (next == nullptr) {
        next = nestling::testing::real<long (*)(long, ...)>("syscall");
        found.store(next);
    }
    if (number == SYS_pidfd_open && nestling::testing::must_fail(Call::pidfd_open)) {
        return -1;
    }
    std::array<long, 6> words{};
    va_list arguments;
    va_start(arguments, number);
    for (long& word : words) {
        word = va_arg(arguments, long);
    }
    va_end(arguments);
    return next(number, words[0], words[1], words[2], words[3], words[4], words[5]);
}
}  // extern "C"
