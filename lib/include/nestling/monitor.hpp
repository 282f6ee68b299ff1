// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

namespace nestling {

/// How a context learns that descriptors are ready.
enum class MonitorKind : std::uint8_t { automatic, epoll, poll, io_uring, win32 };

/// The monitor that a context uses, and why.
struct MonitorChoice {
    MonitorKind kind;
    std::string reason;
};

/// One thing an outer loop must wait for. Masks are those of poll(2). On Windows `fd` stands for a handle: see
/// <nestling/win32.hpp>.
struct PollHandle {
    int fd;
    short events;
    short revents;
};

}  // namespace nestling
