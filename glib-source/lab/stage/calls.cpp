// SPDX-License-Identifier: MIT
// Stands before the C library: calls that are counted, and waits that let the lab's time pass.
#ifdef _FORTIFY_SOURCE
#undef _FORTIFY_SOURCE
#endif
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "stage/call_counts.hpp"
#include "stage/next_symbol.hpp"
#include "stage/time_calls.hpp"
#include "stage/virtual_clock.hpp"

namespace nestling::lab::stage {

constinit thread_local Counts counts_of_thread{};
std::atomic<int> wakeup_fd{-1};
std::atomic<std::uint64_t> wakeups_written{0};
std::atomic<bool> wakeup_pending{false};

int real_poll(pollfd* fds, unsigned long fd_count, std::int64_t timeout) noexcept {
    const timespec limit = to_timespec(std::max<std::int64_t>(timeout, 0));
    return static_cast<int>(::syscall(time_numbers.ppoll, fds, fd_count, timeout < 0 ? nullptr : &limit, nullptr, 0));
}

namespace {

bool waits_on_the_labs_time(std::int64_t timeout) noexcept {
    return timeout != 0 && lab_of_thread != nullptr && virtual_monotonic.load(std::memory_order_seq_cst) != 0;
}

/// `look` waits for so many nanoseconds (negative: no limit) and returns what the call returns.
template <typename Look>
int wait(std::int64_t timeout, Look look) {
    if (!waits_on_the_labs_time(timeout)) {
        return look(timeout);
    }
    struct Wait {
        Look& look;
        int result;
    } wait{look, 0};
    const std::int64_t deadline = timeout < 0 ? -1 : virtual_monotonic.load(std::memory_order_seq_cst) + timeout;
    const bool has_come = pass_time(
        *lab_of_thread, deadline,
        [](void* data) {
            auto& waiting = *static_cast<Wait*>(data);
            waiting.result = waiting.look(0);
            return waiting.result != 0;
        },
        &wait);
    // Nothing is to come in the lab's time: only other threads and the kernel can end this.
    return has_come ? wait.result : look(-1);
}

std::int64_t from_milliseconds(int timeout) noexcept {
    return timeout < 0 ? -1 : static_cast<std::int64_t>(timeout) * 1'000'000;
}
std::int64_t from_timespec(const timespec* timeout) noexcept {
    return timeout == nullptr ? -1 : nanoseconds(*timeout);
}

/// A poll whose scripted descriptors are answered by the script: `look` waits for the others, for so many nanoseconds.
template <typename Look>
int wait_for(pollfd* fds, nfds_t fd_count, std::int64_t timeout, Look look) {
    if (lab_of_thread == nullptr) {
        return wait(timeout, [&](std::int64_t limit) { return look(fds, limit); });
    }
    return wait(timeout, [&](std::int64_t limit) {
        std::vector<pollfd> others(fds, fds + fd_count);
        int scripted = 0;
        for (nfds_t at = 0; at != fd_count; ++at) {
            unsigned short revents = 0;
            if (script_answers(*lab_of_thread, fds[at].fd, static_cast<unsigned short>(fds[at].events), revents)) {
                fds[at].revents = static_cast<short>(revents);
                scripted += revents != 0 ? 1 : 0;
                // The kernel leaves it out.
                others[at].fd = -1;
            }
        }
        const int ready = look(others.data(), scripted != 0 ? 0 : limit);
        for (nfds_t at = 0; at != fd_count; ++at) {
            if (others[at].fd >= 0) {
                fds[at].revents = ready > 0 ? others[at].revents : short{0};
            }
        }
        return ready < 0 ? ready : ready + scripted;
    });
}

void note_written(int fd) noexcept {
    if (fd == wakeup_fd.load(std::memory_order_seq_cst)) {
        wakeups_written.fetch_add(1, std::memory_order_seq_cst);
        wakeup_pending.store(true, std::memory_order_seq_cst);
    }
}

}  // namespace

}  // namespace nestling::lab::stage

extern "C" {
namespace stage = nestling::lab::stage;
using nestling::lab::Call;

ssize_t write(int fd, const void* data, size_t size) {
    stage::count(Call::write);
    static const auto next = stage::next_symbol<ssize_t(int, const void*, size_t)>("write");
    // Before the write: whoever sees it may read at once.
    stage::note_written(fd);
    return next(fd, data, size);
}

ssize_t read(int fd, void* data, size_t size) {
    stage::count(Call::read);
    static const auto next = stage::next_symbol<ssize_t(int, void*, size_t)>("read");
    if (fd == stage::wakeup_fd.load(std::memory_order_seq_cst)) {
        stage::wakeup_pending.store(false, std::memory_order_seq_cst);
    }
    return next(fd, data, size);
}

int eventfd_write(int fd, eventfd_t value) {
    return write(fd, &value, sizeof value) == static_cast<ssize_t>(sizeof value) ? 0 : -1;
}

int eventfd_read(int fd, eventfd_t* value) {
    return read(fd, value, sizeof *value) == static_cast<ssize_t>(sizeof *value) ? 0 : -1;
}

ssize_t writev(int fd, const iovec* parts, int part_count) {
    stage::count(Call::write);
    static const auto next = stage::next_symbol<ssize_t(int, const iovec*, int)>("writev");
    return next(fd, parts, part_count);
}

ssize_t readv(int fd, const iovec* parts, int part_count) {
    stage::count(Call::read);
    static const auto next = stage::next_symbol<ssize_t(int, const iovec*, int)>("readv");
    return next(fd, parts, part_count);
}

ssize_t recv(int fd, void* data, size_t size, int flags) {
    stage::count(Call::receive);
    static const auto next = stage::next_symbol<ssize_t(int, void*, size_t, int)>("recv");
    return next(fd, data, size, flags);
}

ssize_t recvmsg(int fd, msghdr* message, int flags) {
    stage::count(Call::receive);
    static const auto next = stage::next_symbol<ssize_t(int, msghdr*, int)>(stage::time_names.recvmsg);
    return next(fd, message, flags);
}

ssize_t send(int fd, const void* data, size_t size, int flags) {
    stage::count(Call::send);
    static const auto next = stage::next_symbol<ssize_t(int, const void*, size_t, int)>("send");
    return next(fd, data, size, flags);
}

ssize_t sendmsg(int fd, const msghdr* message, int flags) {
    stage::count(Call::send);
    static const auto next = stage::next_symbol<ssize_t(int, const msghdr*, int)>(stage::time_names.sendmsg);
    return next(fd, message, flags);
}

int poll(pollfd* fds, nfds_t fd_count, int timeout) {
    stage::count(Call::poll);
    return stage::wait_for(fds, fd_count, stage::from_milliseconds(timeout), [&](pollfd* polled, std::int64_t limit) {
        return stage::real_poll(polled, fd_count, limit);
    });
}

int ppoll(pollfd* fds, nfds_t fd_count, const timespec* timeout, const sigset_t* mask) {
    stage::count(Call::poll);
    static const auto next =
        stage::next_symbol<int(pollfd*, nfds_t, const timespec*, const sigset_t*)>(stage::time_names.ppoll);
    return stage::wait_for(fds, fd_count, stage::from_timespec(timeout), [&](pollfd* polled, std::int64_t limit) {
        const timespec time = stage::to_timespec(std::max<std::int64_t>(limit, 0));
        return next(polled, fd_count, limit < 0 ? nullptr : &time, mask);
    });
}

int epoll_ctl(int set, int operation, int fd, epoll_event* event) noexcept {
    stage::count(Call::epoll_ctl);
    return static_cast<int>(::syscall(SYS_epoll_ctl, set, operation, fd, event));
}

int epoll_pwait2(int set, epoll_event* events, int most, const timespec* timeout, const sigset_t* mask) {
    stage::count(Call::epoll_wait);
    static const auto next = stage::next_symbol<int(int, epoll_event*, int, const timespec*, const sigset_t*)>(
        stage::time_names.epoll_pwait2);
    if (next == nullptr) {
        errno = ENOSYS;
        return -1;
    }
    return stage::wait(stage::from_timespec(timeout), [&](std::int64_t limit) {
        const timespec time = stage::to_timespec(std::max<std::int64_t>(limit, 0));
        return next(set, events, most, limit < 0 ? nullptr : &time, mask);
    });
}

int epoll_pwait(int set, epoll_event* events, int most, int timeout, const sigset_t* mask) {
    stage::count(Call::epoll_wait);
    static const auto next = stage::next_symbol<int(int, epoll_event*, int, int, const sigset_t*)>("epoll_pwait");
    if (!stage::waits_on_the_labs_time(timeout)) {
        return next(set, events, most, timeout, mask);
    }
    return stage::wait(stage::from_milliseconds(timeout),
                       [&](std::int64_t limit) { return next(set, events, most, limit < 0 ? -1 : 0, mask); });
}

int epoll_wait(int set, epoll_event* events, int most, int timeout) {
    return epoll_pwait(set, events, most, timeout, nullptr);
}
}  // extern "C"
