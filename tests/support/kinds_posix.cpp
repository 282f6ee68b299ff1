// SPDX-License-Identifier: MIT
#include "support/monitor_kinds.hpp"

namespace nestling::testing {

const std::vector<MonitorKind>& known_monitors() {
    static const std::vector<MonitorKind> known {
#if NESTLING_TEST_EPOLL
        MonitorKind::epoll,
#endif
            MonitorKind::poll, MonitorKind::io_uring
    };
    return known;
}

const std::vector<NotifierKind>& known_notifiers() {
    static const std::vector<NotifierKind> known {
#if NESTLING_TEST_EVENTFD
        NotifierKind::eventfd,
#endif
            NotifierKind::pipe
    };
    return known;
}

const char* name_of(MonitorKind kind) {
    return kind == MonitorKind::epoll ? "epoll" : kind == MonitorKind::io_uring ? "io_uring" : "poll";
}

const char* name_of(NotifierKind kind) {
    return kind == NotifierKind::eventfd ? "eventfd" : "pipe";
}

}  // namespace nestling::testing
