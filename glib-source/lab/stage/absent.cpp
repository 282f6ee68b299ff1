// SPDX-License-Identifier: MIT
// Nothing stands before the system's library here: time is real, and nothing is counted.
#include "stage/stage.hpp"

namespace nestling::lab::stage {

bool stop_time(LabCore&, std::int64_t, std::int64_t) noexcept {
    return false;
}

void move_time(std::int64_t, std::int64_t) noexcept {}

void release_time() noexcept {}

std::int64_t monotonic() noexcept {
    return g_get_monotonic_time() * 1000;
}

std::int64_t wall() noexcept {
    return g_get_real_time() * 1000;
}

std::int64_t next_timer_fd() noexcept {
    return -1;
}

bool watch_wakeups(int) noexcept {
    return false;
}

bool is_wakeup_pending() noexcept {
    return false;
}

std::uint64_t wakeups() noexcept {
    return 0;
}

Counts counts() noexcept {
    return {};
}

bool counts_allocations() noexcept {
    return false;
}

int poll(GPollFD* fds, guint count, std::int64_t timeout) noexcept {
    return g_poll(fds, count, timeout < 0 ? -1 : static_cast<gint>(timeout));
}

}  // namespace nestling::lab::stage
