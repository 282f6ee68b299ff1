// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>

namespace nestling::testing {

/// The calls that a construction makes and that can be told to fail.
enum class Creation : std::uint8_t { epoll_create1, eventfd, pipe2, timerfd_create, event };
inline constexpr int creation_kinds = 5;

/// What the system says, as errno or as GetLastError() has it, when descriptors or handles have run out.
extern const int too_many_open;

/// While it lives, `creation` fails with `error` on every thread, after `successes` calls that succeed.
class FailingCreation {
public:
    FailingCreation(Creation creation, int error, int successes = 0);
    FailingCreation(const FailingCreation&) = delete;
    FailingCreation& operator=(const FailingCreation&) = delete;
    ~FailingCreation();

private:
    Creation creation_;
};

/// While it lives, the monotonic clock goes twice as fast as the wall clock, on every thread. It goes back when this
/// ends: no loop may outlive it.
class FastMonotonicClock {
public:
    FastMonotonicClock();
    FastMonotonicClock(const FastMonotonicClock&) = delete;
    FastMonotonicClock& operator=(const FastMonotonicClock&) = delete;
    ~FastMonotonicClock();
};

/// While it lives, each reading of the monotonic clock, on every thread, finds it `stride` further on: whatever is due
/// becomes so between any two readings. It goes back when this ends: no loop may outlive it.
class StridingMonotonicClock {
public:
    explicit StridingMonotonicClock(std::chrono::nanoseconds stride);
    StridingMonotonicClock(const StridingMonotonicClock&) = delete;
    StridingMonotonicClock& operator=(const StridingMonotonicClock&) = delete;
    ~StridingMonotonicClock();
};

}  // namespace nestling::testing
