// SPDX-License-Identifier: MIT
#pragma once

#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>

#include <cerrno>
#include <limits>

/// Times of two `long`, as programs have them that were built without a choice where time_t can be wider.
namespace nestling::lab::narrow {

struct Timespec {
    long seconds;
    long nanoseconds;
};
struct Timeval {
    long seconds;
    long microseconds;
};
struct Itimerspec {
    Timespec interval;
    Timespec value;
};

constexpr timespec widened(const Timespec& time) noexcept {
    return {time.seconds, time.nanoseconds};
}
constexpr itimerspec widened(const Itimerspec& timer) noexcept {
    return {widened(timer.interval), widened(timer.value)};
}

constexpr bool fits(time_t seconds) noexcept {
    return seconds >= std::numeric_limits<long>::min() && seconds <= std::numeric_limits<long>::max();
}
constexpr Timespec narrowed(const timespec& time) noexcept {
    return {static_cast<long>(time.tv_sec), static_cast<long>(time.tv_nsec)};
}

/// 0 and the time, or what the C library answers to a time that does not fit.
inline int store(const timespec& time, Timespec* out) noexcept {
    if (!fits(time.tv_sec)) {
        errno = EOVERFLOW;
        return -1;
    }
    *out = narrowed(time);
    return 0;
}

}  // namespace nestling::lab::narrow
