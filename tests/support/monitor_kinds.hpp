// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/context.hpp>
#include <nestling/event_notifier.hpp>

#include <system_error>
#include <vector>

namespace nestling::testing {

// What this build has, whether the machine has it or not. Defined twice: for POSIX, and for Windows.

const std::vector<MonitorKind>& known_monitors();
const std::vector<NotifierKind>& known_notifiers();
const char* name_of(MonitorKind kind);
const char* name_of(NotifierKind kind);

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
    for (const MonitorKind kind : known_monitors()) {
        if (can_have(kind)) {
            kinds.push_back(kind);
        }
    }
    return kinds;
}

}  // namespace nestling::testing
