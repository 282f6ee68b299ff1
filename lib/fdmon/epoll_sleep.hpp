// SPDX-License-Identifier: MIT
#pragma once

#include <sys/epoll.h>

#include <cstdint>

namespace nestling::fdmon {

/// epoll_wait with a finite timeout in nanoseconds: on time, not to the next millisecond.
int epoll_sleep(int epoll_fd, epoll_event* events, int size, std::int64_t timeout) noexcept;

}  // namespace nestling::fdmon
