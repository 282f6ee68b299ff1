// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace nestling::os::marks {

/// Any thread. True if this process was started by sysprof, which wants to see marks on its time line.
bool are_wanted() noexcept;
/// Any thread. Puts a mark from `begin` (nanoseconds of the monotonic clock) on the time line.
void add(std::int64_t begin, std::int64_t nanoseconds, const char* context, const char* handle) noexcept;

}  // namespace nestling::os::marks
