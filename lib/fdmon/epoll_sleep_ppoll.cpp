// SPDX-License-Identifier: MIT
#include <poll.h>

#include "fdmon/epoll_sleep.hpp"
#include "fdmon/timeout.hpp"

namespace nestling::fdmon {

int epoll_sleep(int epoll_fd, epoll_event* events, int size, std::int64_t timeout) noexcept {
    const timespec spec = to_timespec(timeout);
    pollfd handle{epoll_fd, POLLIN, 0};
    if (::ppoll(&handle, 1, &spec, nullptr) <= 0) {
        return 0;
    }
    return ::epoll_wait(epoll_fd, events, size, 0);
}

}  // namespace nestling::fdmon
