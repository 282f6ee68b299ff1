// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace nestling::os {

/// Nanoseconds of CLOCK_MONOTONIC.
std::int64_t monotonic_ns() noexcept;
/// Nanoseconds of CLOCK_REALTIME.
std::int64_t wall_ns() noexcept;

}  // namespace nestling::os
