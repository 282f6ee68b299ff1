// SPDX-License-Identifier: MIT
#include <poll.h>

#include <atomic>
#include <cerrno>

#include "fdmon/epoll_sleep.hpp"
#include "fdmon/timeout.hpp"

namespace nestling::fdmon {

namespace {

// The C library knows the call and the kernel may not: before Linux 5.11, and under emulation. Found out once.
std::atomic<bool> refused{false};

}  // namespace

int epoll_sleep(int epoll_fd, epoll_event* events, int size, std::int64_t timeout) noexcept {
    const timespec spec = to_timespec(timeout);
    // RELAXED it is the kernel's answer, which is the same for every thread that asks.
    if (!refused.load(std::memory_order_relaxed)) {
        const int count = ::epoll_pwait2(epoll_fd, events, size, &spec, nullptr);
        if (count >= 0 || errno != ENOSYS) {
            return count;
        }
        // RELAXED as above.
        refused.store(true, std::memory_order_relaxed);
    }
    pollfd handle{epoll_fd, POLLIN, 0};
    if (::ppoll(&handle, 1, &spec, nullptr) <= 0) {
        return 0;
    }
    return ::epoll_wait(epoll_fd, events, size, 0);
}

}  // namespace nestling::fdmon
