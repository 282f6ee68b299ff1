// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace nestling::os {

/// Nanoseconds of CLOCK_MONOTONIC, or of the performance counter.
std::int64_t monotonic_ns() noexcept;
/// The same, as of the last tick of the kernel's timer: a few milliseconds old, and much cheaper.
std::int64_t coarse_monotonic_ns() noexcept;
/// Nanoseconds of CLOCK_REALTIME: since the beginning of 1970.
std::int64_t wall_ns() noexcept;

}  // namespace nestling::os
