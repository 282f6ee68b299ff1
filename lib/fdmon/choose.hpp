// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <system_error>

#include "fdmon/fd_monitor.hpp"
#include "os/ring.hpp"

namespace nestling::fdmon {

struct Chosen {
    std::unique_ptr<FdMonitor> monitor;
    /// A literal.
    const char* why;
    /// What the system lacks for a better one, or 0.
    int error = 0;
    /// A literal that says more about the error, or null.
    const char* detail = nullptr;

    /// Made when somebody asks, because every context keeps this.
    [[nodiscard]] std::string reason() const;
};

/// Takes what was asked for, else what NESTLING_MONITOR names, else the best that the system has: that is epoll, which
/// tells of readiness faster than io_uring. Throws std::system_error when a forced monitor cannot be had, or when
/// descriptors or memory run out. Where NESTLING_MONITOR names io_uring and the system has none, or forbids it, the
/// best of the others is taken: the variable speaks to all programs of a container at once.
Chosen choose_monitor(MonitorKind wanted);

/// Null, with the argument filled in, when the system refuses.
std::unique_ptr<FdMonitor> make_epoll_monitor(std::error_code& error);
std::unique_ptr<FdMonitor> make_uring_monitor(os::Ring::Refusal& refusal);
std::unique_ptr<FdMonitor> make_poll_monitor();
/// Throws std::system_error.
std::unique_ptr<FdMonitor> make_win32_monitor();

}  // namespace nestling::fdmon
