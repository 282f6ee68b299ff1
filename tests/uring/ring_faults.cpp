// SPDX-License-Identifier: MIT
#include "uring/ring_faults.hpp"

#include <dlfcn.h>
#include <liburing.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <atomic>

#include "support/time_calls.hpp"

namespace nestling::testing {

namespace {

struct Plan {
    std::atomic<int> error{0};
    std::atomic<int> successes{0};
    std::atomic<int> times{0};
    std::atomic<int> failed{0};
};
std::array<Plan, ring_calls> plans;
std::atomic<std::uint64_t> enters{0};
std::atomic<std::uint64_t> pauses{0};
std::atomic<unsigned> last_setup{0};
std::atomic<unsigned> last_features{0};
std::atomic<unsigned> last_enter{0};

Plan& plan_of(RingCall call) {
    return plans[static_cast<std::size_t>(call)];
}

/// The error to fail with, or 0.
int failure_of(RingCall call) noexcept {
    Plan& plan = plan_of(call);
    const int error = plan.error.load();
    if (error == 0 || plan.successes.fetch_sub(1) > 0 || plan.times.fetch_sub(1) <= 0) {
        return 0;
    }
    plan.failed.fetch_add(1);
    return error;
}

template <class Function>
Function* next_of(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

FailingRing::FailingRing(RingCall call, int error, int times, int successes) : call_(call) {
    Plan& plan = plan_of(call);
    plan.successes.store(successes);
    plan.times.store(times);
    plan.failed.store(0);
    plan.error.store(error);
}

FailingRing::~FailingRing() {
    plan_of(call_).error.store(0);
}

int FailingRing::failed() const {
    return plan_of(call_).failed.load();
}

RingEntries::RingEntries() : start_(enters.load()) {}

std::uint64_t RingEntries::count() const {
    return enters.load() - start_;
}

std::uint64_t pauses_made() noexcept {
    return pauses.load();
}
unsigned last_ring_setup() noexcept {
    return last_setup.load();
}
unsigned last_ring_features() noexcept {
    return last_features.load();
}
unsigned last_ring_enter() noexcept {
    return last_enter.load();
}

}  // namespace nestling::testing

// In front of liburing's own, and of the C library's, for the program itself.
extern "C" {
int nanosleep(const timespec* time, timespec* left) {
    nestling::testing::pauses.fetch_add(1);
    return static_cast<int>(::syscall(nestling::testing::clock_nanosleep_number, CLOCK_REALTIME, 0, time, left));
}

using nestling::testing::RingCall;

int io_uring_queue_init_params(unsigned entries, io_uring* ring, io_uring_params* parameters) {
    using namespace nestling::testing;
    static const auto next = next_of<decltype(io_uring_queue_init_params)>("io_uring_queue_init_params");
    if (const int error = failure_of(RingCall::set_up)) {
        return -error;
    }
    last_setup.store(parameters->flags);
    const int result = next(entries, ring, parameters);
    last_features.store(parameters->features);
    return result;
}

int io_uring_enter2(unsigned fd, unsigned count, unsigned least, unsigned flags, sigset_t* extra, size_t size) {
    using namespace nestling::testing;
    static const auto next = next_of<decltype(io_uring_enter2)>("io_uring_enter2");
    enters.fetch_add(1);
    last_enter.store(flags);
    if (const int error = failure_of(RingCall::enter)) {
        return -error;
    }
    return next(fd, count, least, flags, extra, size);
}

int io_uring_register_sync_cancel(io_uring* ring, io_uring_sync_cancel_reg* request) {
    using namespace nestling::testing;
    static const auto next = next_of<decltype(io_uring_register_sync_cancel)>("io_uring_register_sync_cancel");
    if (const int error = failure_of(RingCall::cancel)) {
        return -error;
    }
    return next(ring, request);
}
}  // extern "C"
