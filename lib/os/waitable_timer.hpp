// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "os/owned_fd.hpp"

namespace nestling::os {

/// A timer of Windows that one wait takes, with high resolution where the system has it (Windows 10, 1803). Empty if
/// the system refuses.
OwnedFd create_waitable_timer() noexcept;
/// In `nanoseconds` from now, never earlier; it is not signalled until then.
void set_waitable_timer_after(int timer, std::int64_t nanoseconds) noexcept;
/// At `wall` nanoseconds of the wall clock.
void set_waitable_timer_for(int timer, std::int64_t wall) noexcept;
/// It is not signalled any more, and never will be.
void cancel_waitable_timer(int timer) noexcept;

}  // namespace nestling::os
