// SPDX-License-Identifier: MIT
#pragma once

#include <time.h>

#include <cstdint>

namespace nestling::fdmon {

/// `timeout` in nanoseconds, not negative.
inline timespec to_timespec(std::int64_t timeout) noexcept {
    timespec spec{};
    spec.tv_sec = static_cast<time_t>(timeout / 1'000'000'000);
    spec.tv_nsec = static_cast<long>(timeout % 1'000'000'000);
    return spec;
}

}  // namespace nestling::fdmon
