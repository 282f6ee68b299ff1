// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace nestling::os {

/// Any thread. Writes one line to stderr.
void log_line(std::string_view text) noexcept;

/// Any thread. A broken invariant: says which, names the context and the handle, and aborts.
[[noreturn]] void die(std::string_view context, std::string_view handle, std::string_view what) noexcept;

}  // namespace nestling::os
