// SPDX-License-Identifier: MIT
#include "stage/stage.hpp"

#include <poll.h>

#include <cstdlib>

#include "stage/call_counts.hpp"
#include "stage/timer_fds.hpp"
#include "stage/virtual_clock.hpp"

namespace nestling::lab::stage {

bool stop_time(LabCore& lab, std::int64_t monotonic, std::int64_t wall) noexcept {
    clock_is_ours.store(false, std::memory_order_seq_cst);
    move_time(monotonic, wall);
    static_cast<void>(g_get_monotonic_time());
    if (!clock_is_ours.load(std::memory_order_seq_cst)) {
        move_time(0, 0);
        return false;
    }
    lab_of_thread = &lab;
    return true;
}

void move_time(std::int64_t monotonic, std::int64_t wall) noexcept {
    virtual_monotonic.store(monotonic, std::memory_order_seq_cst);
    virtual_wall.store(wall, std::memory_order_seq_cst);
    if (monotonic != 0) {
        timer_fds::fire(monotonic);
    }
}

void release_time() noexcept {
    lab_of_thread = nullptr;
    if (const std::int64_t now = virtual_monotonic.load(std::memory_order_seq_cst); now != 0) {
        timer_fds::release(now);
    }
    move_time(0, 0);
}

std::int64_t monotonic() noexcept {
    const std::int64_t time = virtual_monotonic.load(std::memory_order_seq_cst);
    return time != 0 ? time : real_clock(CLOCK_MONOTONIC);
}

std::int64_t wall() noexcept {
    const std::int64_t time = virtual_wall.load(std::memory_order_seq_cst);
    return time != 0 ? time : real_clock(CLOCK_REALTIME);
}

std::int64_t next_timer_fd() noexcept {
    return timer_fds::next();
}

bool watch_wakeups(int fd) noexcept {
    wakeup_fd.store(fd, std::memory_order_seq_cst);
    wakeup_pending.store(false, std::memory_order_seq_cst);
    if (fd < 0) {
        return false;
    }
    // A context of its own would not do: only this one's writes matter. GLib's functions call the C library's write.
    const std::uint64_t before = wakeups_written.load(std::memory_order_seq_cst);
    GMainContext* context = g_main_context_get_thread_default();
    g_main_context_wakeup(context);
    const bool is_seen = wakeups_written.load(std::memory_order_seq_cst) != before;
    GPollFD wakeup{fd, G_IO_IN, G_IO_IN};
    gint priority = 0;
    g_main_context_prepare(context, &priority);
    g_main_context_check(context, priority, &wakeup, 1);
    return is_seen && !wakeup_pending.load(std::memory_order_seq_cst);
}

bool is_wakeup_pending() noexcept {
    return wakeup_pending.load(std::memory_order_seq_cst);
}

std::uint64_t wakeups() noexcept {
    return wakeups_written.load(std::memory_order_seq_cst);
}

Counts counts() noexcept {
    return counts_of_thread;
}

bool counts_allocations() noexcept {
    const std::uint64_t before = counts_of_thread.allocations;
    // Through GLib, as what is to be counted; the compiler may not know better.
    g_free(g_malloc(1));
    return counts_of_thread.allocations != before;
}

int poll(GPollFD* fds, guint fd_count, std::int64_t timeout) noexcept {
    static_assert(sizeof(GPollFD) == sizeof(pollfd));
    count(Call::poll);
    return real_poll(reinterpret_cast<pollfd*>(fds), fd_count, timeout < 0 ? -1 : timeout * 1'000'000);
}

}  // namespace nestling::lab::stage
