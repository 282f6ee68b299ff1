// SPDX-License-Identifier: MIT
#include "support/fault_injection.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>

#include "support/failure_plan.hpp"
#include "support/time_calls.hpp"

namespace nestling::testing {

namespace {

constinit FailurePlan plan;

bool must_fail(Creation creation) noexcept {
    const int error = plan.next_error(creation);
    if (error == 0) {
        return false;
    }
    errno = error;
    return true;
}

/// Since when the monotonic clock goes fast; 0 if it does not.
std::atomic<std::int64_t> fast_since{0};
/// How far each reading moves it, and how far it was moved.
std::atomic<std::int64_t> stride{0};
std::atomic<std::int64_t> strides{0};

constexpr std::int64_t second = 1'000'000'000;
std::int64_t nanoseconds(const timespec& time) noexcept {
    return static_cast<std::int64_t>(time.tv_sec) * second + time.tv_nsec;
}

int read_true_clock(clockid_t clock, timespec* time) noexcept {
    // Not through the kernel, where everything else would take longer.
    static const auto next = reinterpret_cast<int (*)(clockid_t, timespec*)>(::dlsym(RTLD_NEXT, clock_gettime_name));
    return next(clock, time);
}

}  // namespace

const int too_many_open = EMFILE;

FailingCreation::FailingCreation(Creation creation, int error, int successes) : creation_(creation) {
    plan.fail(creation, error, successes);
}

FailingCreation::~FailingCreation() {
    plan.succeed(creation_);
}

FastMonotonicClock::FastMonotonicClock() {
    timespec now{};
    read_true_clock(CLOCK_MONOTONIC, &now);
    fast_since.store(nanoseconds(now));
}

FastMonotonicClock::~FastMonotonicClock() {
    fast_since.store(0);
}

StridingMonotonicClock::StridingMonotonicClock(std::chrono::nanoseconds step) {
    stride.store(step.count());
}

StridingMonotonicClock::~StridingMonotonicClock() {
    stride.store(0);
    strides.store(0);
}

}  // namespace nestling::testing

extern "C" {
using nestling::testing::Creation;

int epoll_create1(int flags) noexcept {
    return nestling::testing::must_fail(Creation::epoll_create1)
               ? -1
               : static_cast<int>(::syscall(SYS_epoll_create1, flags));
}

int eventfd(unsigned int value, int flags) noexcept {
    return nestling::testing::must_fail(Creation::eventfd) ? -1
                                                           : static_cast<int>(::syscall(SYS_eventfd2, value, flags));
}

int pipe2(int* ends, int flags) noexcept {
    return nestling::testing::must_fail(Creation::pipe2) ? -1 : static_cast<int>(::syscall(SYS_pipe2, ends, flags));
}

int timerfd_create(int clock, int flags) noexcept {
    return nestling::testing::must_fail(Creation::timerfd_create)
               ? -1
               : static_cast<int>(::syscall(SYS_timerfd_create, clock, flags));
}

int clock_gettime(clockid_t clock, timespec* time) noexcept {
    namespace faults = nestling::testing;
    const int result = faults::read_true_clock(clock, time);
    if (result != 0 || clock != CLOCK_MONOTONIC) {
        return result;
    }
    std::int64_t shown = faults::nanoseconds(*time);
    if (const std::int64_t since = faults::fast_since.load(); since != 0) {
        shown = shown * 2 - since;
    }
    const std::int64_t stride = faults::stride.load();
    shown += faults::strides.fetch_add(stride) + stride;
    time->tv_sec = static_cast<time_t>(shown / faults::second);
    time->tv_nsec = static_cast<long>(shown % faults::second);
    return result;
}
}  // extern "C"
