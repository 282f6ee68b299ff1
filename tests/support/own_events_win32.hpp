// SPDX-License-Identifier: MIT
#pragma once

#include "support/windows.hpp"

namespace nestling::testing {

// The library makes its events with CreateEventW; GLib and the threads of the C library with CreateEventA. So what the
// library does can be told from what they do.

void note_event(HANDLE event, bool is_own) noexcept;
bool is_own_event(HANDLE event) noexcept;

}  // namespace nestling::testing
