// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "fdmon/choose.hpp"
#include "support/monitor_kinds.hpp"

namespace nestling::testing {

inline std::unique_ptr<fdmon::FdMonitor> make_monitor(MonitorKind kind) {
    if (kind == MonitorKind::poll) {
        return fdmon::make_poll_monitor();
    }
    std::error_code error;
    os::Ring::Refusal refusal;
    std::unique_ptr<fdmon::FdMonitor> monitor =
        kind == MonitorKind::io_uring ? fdmon::make_uring_monitor(refusal) : fdmon::make_epoll_monitor(error);
    if (monitor == nullptr) {
        throw std::system_error(error, "no such monitor for the test");
    }
    return monitor;
}

inline fdmon::Registration registration(int fd, std::uint32_t events, std::uint32_t generation = 1,
                                        fdmon::Trigger trigger = fdmon::Trigger::level) {
    return {{static_cast<std::uint32_t>(fd), generation}, events, trigger};
}

/// What is ready now: generation and events by descriptor. Fails the test by an exception if one is reported twice.
inline std::map<int, fdmon::Ready> look(fdmon::FdMonitor& monitor, std::int64_t timeout = 0) {
    std::vector<fdmon::Ready> ready;
    monitor.wait(timeout, ready);
    std::map<int, fdmon::Ready> result;
    for (const fdmon::Ready& entry : ready) {
        if (!result.emplace(static_cast<int>(entry.key.fd), entry).second) {
            throw std::logic_error("a descriptor was reported twice");
        }
    }
    return result;
}

}  // namespace nestling::testing
