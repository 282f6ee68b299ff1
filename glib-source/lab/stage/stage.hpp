// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

#include <cstdint>

#include <nestling-lab/trace.hpp>

namespace nestling::lab {
class LabCore;
}

/// What the lab asks of the definitions that stand before the C library. Where there are none, time is real and nothing
/// is counted.
namespace nestling::lab::stage {

/// Stops the process's clocks at `monotonic` (and `wall`, if it is not 0), for `lab` on the calling thread. False, and
/// nothing has changed: they are not ours.
bool stop_time(LabCore& lab, std::int64_t monotonic, std::int64_t wall) noexcept;
void move_time(std::int64_t monotonic, std::int64_t wall) noexcept;
void release_time() noexcept;
/// CLOCK_MONOTONIC and CLOCK_REALTIME as the process sees them.
std::int64_t monotonic() noexcept;
std::int64_t wall() noexcept;
/// The earliest deadline of a timerfd; negative: none.
std::int64_t next_timer_fd() noexcept;

/// Watches the event that wakes a GMainContext. False: its writes are not seen.
bool watch_wakeups(int fd) noexcept;
bool is_wakeup_pending() noexcept;
std::uint64_t wakeups() noexcept;
Counts counts() noexcept;
bool counts_allocations() noexcept;

/// The kernel's poll, in real time, counted. Timeout in milliseconds; negative: no limit.
int poll(GPollFD* fds, guint count, std::int64_t timeout) noexcept;

}  // namespace nestling::lab::stage
