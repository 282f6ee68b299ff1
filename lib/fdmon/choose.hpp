// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <system_error>

#include "fdmon/fd_monitor.hpp"

namespace nestling::fdmon {

struct Chosen {
    std::unique_ptr<FdMonitor> monitor;
    /// A literal.
    const char* why;
    /// What the system lacks for a better one, or 0.
    int error = 0;

    /// Made when somebody asks, because every context keeps this.
    [[nodiscard]] std::string reason() const;
};

/// Takes what was asked for, else what NESTLING_MONITOR names, else the best that the system has. Throws
/// std::system_error when a forced monitor cannot be had, or when descriptors or memory run out.
Chosen choose_monitor(MonitorKind wanted);

/// Null, with `error` set, when the system refuses.
std::unique_ptr<FdMonitor> make_epoll_monitor(std::error_code& error);
std::unique_ptr<FdMonitor> make_poll_monitor();

}  // namespace nestling::fdmon
