// SPDX-License-Identifier: MIT
#include "os/waitable_timer.hpp"

#include <algorithm>

#include "os/windows.hpp"

namespace nestling::os {

namespace {

/// In nanoseconds.
constexpr std::int64_t unit = 100;
/// From the first of January 1601 to 1970, in units.
constexpr std::int64_t unix_epoch = 116'444'736'000'000'000;
/// CREATE_WAITABLE_TIMER_HIGH_RESOLUTION, which not all headers have.
constexpr DWORD high_resolution = 2;

std::int64_t in_units(std::int64_t nanoseconds) noexcept {
    // Rather late than early.
    return nanoseconds / unit + (nanoseconds % unit != 0 ? 1 : 0);
}

/// Relative if negative.
void set(int timer, std::int64_t due) noexcept {
    LARGE_INTEGER time;
    time.QuadPart = due;
    ::SetWaitableTimer(handle_of(timer), &time, 0, nullptr, nullptr, FALSE);
}

}  // namespace

OwnedFd create_waitable_timer() noexcept {
    HANDLE timer = ::CreateWaitableTimerExW(nullptr, nullptr, high_resolution, TIMER_ALL_ACCESS);
    if (timer == nullptr) {
        timer = ::CreateWaitableTimerExW(nullptr, nullptr, 0, TIMER_ALL_ACCESS);
    }
    return OwnedFd(timer == nullptr ? -1 : fd_of(timer));
}

void set_waitable_timer_after(int timer, std::int64_t nanoseconds) noexcept {
    // Zero would be the year 1601: due as well, but absolute.
    set(timer, -std::max<std::int64_t>(in_units(nanoseconds), 1));
}

void set_waitable_timer_for(int timer, std::int64_t wall) noexcept {
    set(timer, unix_epoch + in_units(std::max<std::int64_t>(wall, 0)));
}

void cancel_waitable_timer(int timer) noexcept {
    // Cancelling leaves it signalled if it was; setting it does not.
    set_waitable_timer_after(timer, std::int64_t{1} << 60U);
    ::CancelWaitableTimer(handle_of(timer));
}

}  // namespace nestling::os
