// SPDX-License-Identifier: MIT
#pragma once

#include <time.h>

#include <cstdint>

namespace bench {

/// CLOCK_MONOTONIC in nanoseconds.
inline std::int64_t now_ns() noexcept {
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec;
}

inline void spin_until(std::int64_t deadline) noexcept {
    while (now_ns() < deadline) {
    }
}

inline void relax() noexcept {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

}  // namespace bench
