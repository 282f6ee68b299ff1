// SPDX-License-Identifier: MIT
#pragma once

#include <sys/timerfd.h>

#include <cstdint>

/// Timerfds on the lab's time. The kernel's timer stays disarmed until the lab's time comes to it; then the lab arms it
/// for a time that is past, so that whatever polls the descriptor, an epoll set as well, sees it ready.
namespace nestling::lab::timer_fds {

/// A timerfd was made, of a clock that the lab moves.
void made(int fd) noexcept;
/// timerfd_settime() while time is virtual; false if `fd` is not one of them.
bool set(int fd, int flags, const itimerspec& value, itimerspec* old, std::int64_t now) noexcept;
bool get(int fd, itimerspec& value, std::int64_t now) noexcept;
/// The earliest deadline; negative: none.
std::int64_t next() noexcept;
/// Makes those ready that are due.
void fire(std::int64_t now) noexcept;
/// Time is real again: what is armed goes on with the rest of its time.
void release(std::int64_t now) noexcept;

}  // namespace nestling::lab::timer_fds
