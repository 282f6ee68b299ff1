// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/context.hpp>

#include <system_error>
#include <vector>

namespace nestling::testing {

/// Whether a context can have it: in this build, and here. Containers forbid io_uring.
inline bool can_have(MonitorKind kind) {
    ContextOptions options;
    options.monitor = kind;
    try {
        const Context context(options);
        return true;
    } catch (const std::system_error&) {
        return false;
    }
}

/// Those that can be had.
inline std::vector<MonitorKind> monitor_kinds() {
    std::vector<MonitorKind> kinds;
    for (const MonitorKind kind : {MonitorKind::epoll, MonitorKind::poll, MonitorKind::io_uring}) {
        if (can_have(kind)) {
            kinds.push_back(kind);
        }
    }
    return kinds;
}

inline const char* name_of(MonitorKind kind) {
    return kind == MonitorKind::epoll ? "epoll" : kind == MonitorKind::io_uring ? "io_uring" : "poll";
}

}  // namespace nestling::testing
