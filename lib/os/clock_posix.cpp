// SPDX-License-Identifier: MIT
#include "os/clock.hpp"

#include <time.h>

namespace nestling::os {

namespace {
std::int64_t read_clock(clockid_t id) noexcept {
    timespec now{};
    ::clock_gettime(id, &now);
    return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}
}  // namespace

std::int64_t monotonic_ns() noexcept {
    return read_clock(CLOCK_MONOTONIC);
}
std::int64_t coarse_monotonic_ns() noexcept {
    return read_clock(CLOCK_MONOTONIC_COARSE);
}
std::int64_t wall_ns() noexcept {
    return read_clock(CLOCK_REALTIME);
}

}  // namespace nestling::os
