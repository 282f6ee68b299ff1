// SPDX-License-Identifier: MIT
// Stands before the C library where time_t is wider than `long`: the old names, with times of two `long`. What calls
// them has been built without a choice, as GLib may have been. Here the headers mean the new names when they say
// clock_gettime(); the old ones can be had only by their names in the object file.
#include "stage/narrow_time.hpp"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "stage/call_counts.hpp"
#include "stage/next_symbol.hpp"

extern "C" {
namespace stage = nestling::lab::stage;
namespace narrow = nestling::lab::narrow;

int narrow_clock_gettime(clockid_t clock, narrow::Timespec* time) noexcept __asm__("clock_gettime");
int narrow_gettimeofday(narrow::Timeval* time, void* zone) noexcept __asm__("gettimeofday");
long narrow_time(long* out) noexcept __asm__("time");
int narrow_timerfd_settime(int fd, int flags, const narrow::Itimerspec* value, narrow::Itimerspec* old) noexcept
    __asm__("timerfd_settime");
int narrow_timerfd_gettime(int fd, narrow::Itimerspec* value) noexcept __asm__("timerfd_gettime");
int narrow_nanosleep(const narrow::Timespec* time, narrow::Timespec* rest) __asm__("nanosleep");
int narrow_clock_nanosleep(clockid_t clock, int flags, const narrow::Timespec* time,
                           narrow::Timespec* rest) __asm__("clock_nanosleep");
int narrow_ppoll(pollfd* fds, nfds_t fd_count, const narrow::Timespec* timeout, const sigset_t* mask) __asm__("ppoll");
int narrow_epoll_pwait2(int set, epoll_event* events, int most, const narrow::Timespec* timeout,
                        const sigset_t* mask) __asm__("epoll_pwait2");
ssize_t narrow_recvmsg(int fd, msghdr* message, int flags) __asm__("recvmsg");
ssize_t narrow_sendmsg(int fd, const msghdr* message, int flags) __asm__("sendmsg");

int narrow_clock_gettime(clockid_t clock, narrow::Timespec* time) noexcept {
    timespec now{};
    const int result = clock_gettime(clock, &now);
    return result != 0 ? result : narrow::store(now, time);
}

int narrow_gettimeofday(narrow::Timeval* time, void*) noexcept {
    narrow::Timespec now{};
    if (narrow_clock_gettime(CLOCK_REALTIME, &now) != 0) {
        return -1;
    }
    *time = {now.seconds, now.nanoseconds / 1000};
    return 0;
}

long narrow_time(long* out) noexcept {
    narrow::Timespec now{};
    const long seconds = narrow_clock_gettime(CLOCK_REALTIME, &now) == 0 ? now.seconds : -1;
    if (out != nullptr) {
        *out = seconds;
    }
    return seconds;
}

int narrow_timerfd_settime(int fd, int flags, const narrow::Itimerspec* value, narrow::Itimerspec* old) noexcept {
    const itimerspec wide = narrow::widened(*value);
    itimerspec before{};
    const int result = timerfd_settime(fd, flags, &wide, &before);
    if (result == 0 && old != nullptr) {
        *old = {narrow::narrowed(before.it_interval), narrow::narrowed(before.it_value)};
    }
    return result;
}

int narrow_timerfd_gettime(int fd, narrow::Itimerspec* value) noexcept {
    itimerspec now{};
    const int result = timerfd_gettime(fd, &now);
    if (result == 0) {
        *value = {narrow::narrowed(now.it_interval), narrow::narrowed(now.it_value)};
    }
    return result;
}

int narrow_nanosleep(const narrow::Timespec* time, narrow::Timespec* rest) {
    const timespec wide = narrow::widened(*time);
    timespec left{};
    const int result = nanosleep(&wide, &left);
    if (result != 0 && rest != nullptr) {
        *rest = narrow::narrowed(left);
    }
    return result;
}

int narrow_clock_nanosleep(clockid_t clock, int flags, const narrow::Timespec* time, narrow::Timespec* rest) {
    const timespec wide = narrow::widened(*time);
    timespec left{};
    const int result = clock_nanosleep(clock, flags, &wide, &left);
    // Until a moment, there is no rest.
    if (result != 0 && rest != nullptr && (flags & TIMER_ABSTIME) == 0) {
        *rest = narrow::narrowed(left);
    }
    return result;
}

int narrow_ppoll(pollfd* fds, nfds_t fd_count, const narrow::Timespec* timeout, const sigset_t* mask) {
    const timespec limit = timeout == nullptr ? timespec{} : narrow::widened(*timeout);
    return ppoll(fds, fd_count, timeout == nullptr ? nullptr : &limit, mask);
}

int narrow_epoll_pwait2(int set, epoll_event* events, int most, const narrow::Timespec* timeout, const sigset_t* mask) {
    const timespec limit = timeout == nullptr ? timespec{} : narrow::widened(*timeout);
    return epoll_pwait2(set, events, most, timeout == nullptr ? nullptr : &limit, mask);
}

// The new ones would also turn the times in control messages into new ones.
ssize_t narrow_recvmsg(int fd, msghdr* message, int flags) {
    stage::count(nestling::lab::Call::receive);
    static const auto next = stage::next_symbol<ssize_t(int, msghdr*, int)>("recvmsg");
    return next(fd, message, flags);
}

ssize_t narrow_sendmsg(int fd, const msghdr* message, int flags) {
    stage::count(nestling::lab::Call::send);
    static const auto next = stage::next_symbol<ssize_t(int, const msghdr*, int)>("sendmsg");
    return next(fd, message, flags);
}
}  // extern "C"
