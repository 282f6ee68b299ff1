// SPDX-License-Identifier: MIT
#include "support/monitor_kinds.hpp"

namespace nestling::testing {

const std::vector<MonitorKind>& known_monitors() {
    static const std::vector<MonitorKind> known{MonitorKind::win32};
    return known;
}

const std::vector<NotifierKind>& known_notifiers() {
    static const std::vector<NotifierKind> known{NotifierKind::event};
    return known;
}

const char* name_of(MonitorKind) {
    return "win32";
}

const char* name_of(NotifierKind) {
    return "event";
}

}  // namespace nestling::testing
