// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace nestling::os {

/// Shows `name`, cut to what the system allows, in debuggers and in top.
void name_this_thread(const std::string& name) noexcept;

/// The number that the system's tools know this thread by.
long system_thread_id() noexcept;

/// Timeouts of this thread end when they are due, not up to 50 us later to save power.
void use_precise_timeouts() noexcept;

}  // namespace nestling::os
