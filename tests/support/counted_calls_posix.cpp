// SPDX-License-Identifier: MIT
// The inline forms that fortified headers give these functions are in the way here.
#undef _FORTIFY_SOURCE

#include <poll.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

#include "support/counted_calls.hpp"
#include "support/time_calls.hpp"

namespace nestling::testing {

namespace {

constexpr std::size_t signal_set_size = 8;

bool may_sleep(const timespec* timeout) noexcept {
    return timeout == nullptr || timeout->tv_sec != 0 || timeout->tv_nsec != 0;
}

}  // namespace

}  // namespace nestling::testing

// A sanitizer puts its own definitions there first and learns from them who handed data to whom; where they exist they
// are called instead of the kernel. Weak, because without a sanitizer nobody defines them.
extern "C" {
ssize_t __interceptor_write(int, const void*, size_t) __attribute__((weak));
ssize_t __interceptor_read(int, void*, size_t) __attribute__((weak));
int __interceptor_poll(pollfd*, nfds_t, int) __attribute__((weak));
int __interceptor_ppoll(pollfd*, nfds_t, const timespec*, const sigset_t*) __attribute__((weak));
int __interceptor_epoll_wait(int, epoll_event*, int, int) __attribute__((weak));
int __interceptor_epoll_ctl(int, int, int, epoll_event*) __attribute__((weak));

using nestling::testing::Call;

ssize_t write(int fd, const void* data, size_t size) {
    nestling::testing::count(Call::write);
    if (__interceptor_write != nullptr) {
        return __interceptor_write(fd, data, size);
    }
    return ::syscall(SYS_write, fd, data, size);
}

ssize_t read(int fd, void* data, size_t size) {
    nestling::testing::count(Call::read);
    if (__interceptor_read != nullptr) {
        return __interceptor_read(fd, data, size);
    }
    return ::syscall(SYS_read, fd, data, size);
}

int poll(pollfd* fds, nfds_t size, int timeout) {
    nestling::testing::count(Call::poll);
    nestling::testing::count_sleep(timeout != 0);
    if (__interceptor_poll != nullptr) {
        return __interceptor_poll(fds, size, timeout);
    }
    timespec spec{timeout / 1000, timeout % 1000 * 1'000'000L};
    return static_cast<int>(::syscall(nestling::testing::ppoll_number, fds, size, timeout < 0 ? nullptr : &spec,
                                      nullptr, nestling::testing::signal_set_size));
}

int ppoll(pollfd* fds, nfds_t size, const timespec* timeout, const sigset_t* signals) {
    nestling::testing::count(Call::ppoll);
    nestling::testing::count_sleep(nestling::testing::may_sleep(timeout));
    if (__interceptor_ppoll != nullptr) {
        return __interceptor_ppoll(fds, size, timeout, signals);
    }
    // The kernel writes the time that is left into it.
    timespec copy{};
    if (timeout != nullptr) {
        copy = *timeout;
    }
    return static_cast<int>(::syscall(nestling::testing::ppoll_number, fds, size, timeout == nullptr ? nullptr : &copy,
                                      signals, nestling::testing::signal_set_size));
}

int epoll_wait(int fd, epoll_event* events, int size, int timeout) {
    nestling::testing::count(Call::epoll_wait);
    nestling::testing::count_sleep(timeout != 0);
    if (__interceptor_epoll_wait != nullptr) {
        return __interceptor_epoll_wait(fd, events, size, timeout);
    }
    return static_cast<int>(
        ::syscall(SYS_epoll_pwait, fd, events, size, timeout, nullptr, nestling::testing::signal_set_size));
}

int epoll_pwait2(int fd, epoll_event* events, int size, const timespec* timeout, const sigset_t* signals) {
    nestling::testing::count(Call::epoll_pwait2);
    const bool sleeps = nestling::testing::may_sleep(timeout);
    nestling::testing::count_sleep(sleeps);
    const long result =
        ::syscall(SYS_epoll_pwait2, fd, events, size, timeout, signals, nestling::testing::signal_set_size);
    if (result < 0 && errno == ENOSYS) {
        nestling::testing::forget_sleep(sleeps);
    }
    return static_cast<int>(result);
}

int epoll_ctl(int epoll_fd, int operation, int fd, epoll_event* event) noexcept {
    nestling::testing::count(Call::epoll_ctl);
    if (__interceptor_epoll_ctl != nullptr) {
        return __interceptor_epoll_ctl(epoll_fd, operation, fd, event);
    }
    return static_cast<int>(::syscall(SYS_epoll_ctl, epoll_fd, operation, fd, event));
}

/// liburing's, which the library enters the kernel through.
int io_uring_enter2(unsigned fd, unsigned count, unsigned least, unsigned flags, sigset_t* extra, size_t size) {
    nestling::testing::count(Call::io_uring_enter);
    nestling::testing::count_sleep(least != 0);
    const long result = ::syscall(SYS_io_uring_enter, fd, count, least, flags, extra, size);
    return result < 0 ? -errno : static_cast<int>(result);
}

int timerfd_settime(int fd, int flags, const itimerspec* value, itimerspec* old) noexcept {
    nestling::testing::count(Call::timerfd_settime);
    return static_cast<int>(::syscall(nestling::testing::timerfd_settime_number, fd, flags, value, old));
}
}  // extern "C"
