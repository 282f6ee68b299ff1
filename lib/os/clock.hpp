// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace nestling::os {

/// Nanoseconds of CLOCK_MONOTONIC.
std::int64_t monotonic_ns() noexcept;
/// The same, as of the last tick of the kernel's timer: a few milliseconds old, and much cheaper.
std::int64_t coarse_monotonic_ns() noexcept;
/// Nanoseconds of CLOCK_REALTIME.
std::int64_t wall_ns() noexcept;

}  // namespace nestling::os
