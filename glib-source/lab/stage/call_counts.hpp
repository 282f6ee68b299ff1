// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>

#include <nestling-lab/trace.hpp>

/// What the counting definitions in front of the C library's share with the lab.
namespace nestling::lab::stage {

/// Of the calling thread.
extern constinit thread_local Counts counts_of_thread [[gnu::tls_model("initial-exec")]];

/// The descriptor by which the lab's GMainContext is woken; -1: none.
extern std::atomic<int> wakeup_fd;
extern std::atomic<std::uint64_t> wakeups_written;
/// Written, and not yet read.
extern std::atomic<bool> wakeup_pending;

inline void count(Call call) noexcept {
    ++counts_of_thread.calls[static_cast<std::size_t>(call)];
}

/// poll(2) of the kernel, not counted and without the lab's time. Timeout in nanoseconds; negative: no limit.
int real_poll(struct pollfd* fds, unsigned long count, std::int64_t timeout) noexcept;

}  // namespace nestling::lab::stage
