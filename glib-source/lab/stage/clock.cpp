// SPDX-License-Identifier: MIT
// Stands before the C library: clocks, timerfds and sleeps that follow the lab's time.
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

#include "stage/call_counts.hpp"
#include "stage/next_symbol.hpp"
#include "stage/time_calls.hpp"
#include "stage/timer_fds.hpp"
#include "stage/virtual_clock.hpp"

namespace nestling::lab::stage {

std::atomic<std::int64_t> virtual_monotonic{0};
std::atomic<std::int64_t> virtual_wall{0};
std::atomic<bool> clock_is_ours{false};
constinit thread_local LabCore* lab_of_thread = nullptr;

namespace {

int next_clock_gettime(clockid_t clock, timespec* time) noexcept {
    // Not through the kernel, where everything would take longer.
    static const auto next = next_symbol<int(clockid_t, timespec*)>(time_names.clock_gettime);
    return next != nullptr ? next(clock, time) : static_cast<int>(::syscall(time_numbers.clock_gettime, clock, time));
}

/// The time that `clock` shows; 0 if it is not ours.
std::int64_t virtual_time(clockid_t clock) noexcept {
    switch (clock) {
        case CLOCK_MONOTONIC:
        case CLOCK_MONOTONIC_COARSE:
        case CLOCK_BOOTTIME:
            return virtual_monotonic.load(std::memory_order_seq_cst);
        case CLOCK_REALTIME:
        case CLOCK_REALTIME_COARSE:
            return virtual_wall.load(std::memory_order_seq_cst);
        default:
            return 0;
    }
}

/// Lets the lab's time pass by `time`.
void sleep_for(std::int64_t time) {
    pass_time(
        *lab_of_thread, virtual_monotonic.load(std::memory_order_seq_cst) + time, [](void*) { return false; }, nullptr);
}

bool sleeps_on_the_labs_time() noexcept {
    return lab_of_thread != nullptr && virtual_monotonic.load(std::memory_order_seq_cst) != 0;
}

}  // namespace

std::int64_t real_clock(clockid_t clock) noexcept {
    timespec time{};
    next_clock_gettime(clock, &time);
    return nanoseconds(time);
}

}  // namespace nestling::lab::stage

extern "C" {
namespace stage = nestling::lab::stage;
namespace timer_fds = nestling::lab::timer_fds;

int clock_gettime(clockid_t clock, timespec* time) noexcept {
    if (const std::int64_t shown = stage::virtual_time(clock); shown != 0) {
        stage::clock_is_ours.store(true, std::memory_order_seq_cst);
        *time = stage::to_timespec(shown);
        return 0;
    }
    return stage::next_clock_gettime(clock, time);
}

int gettimeofday(timeval* time, void*) noexcept {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    *time = {now.tv_sec, now.tv_nsec / 1000};
    return 0;
}

time_t time(time_t* out) noexcept {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    if (out != nullptr) {
        *out = now.tv_sec;
    }
    return now.tv_sec;
}

int timerfd_create(int clock, int flags) noexcept {
    const int fd = static_cast<int>(::syscall(SYS_timerfd_create, clock, flags));
    if (fd >= 0 && (clock == CLOCK_MONOTONIC || clock == CLOCK_BOOTTIME)) {
        timer_fds::made(fd);
    }
    return fd;
}

int timerfd_settime(int fd, int flags, const itimerspec* value, itimerspec* old) noexcept {
    stage::count(nestling::lab::Call::timerfd_settime);
    const std::int64_t now = stage::virtual_monotonic.load(std::memory_order_seq_cst);
    if (now != 0 && value != nullptr && timer_fds::set(fd, flags, *value, old, now)) {
        return 0;
    }
    return static_cast<int>(::syscall(stage::time_numbers.timerfd_settime, fd, flags, value, old));
}

int timerfd_gettime(int fd, itimerspec* value) noexcept {
    const std::int64_t now = stage::virtual_monotonic.load(std::memory_order_seq_cst);
    if (now != 0 && value != nullptr && timer_fds::get(fd, *value, now)) {
        return 0;
    }
    return static_cast<int>(::syscall(stage::time_numbers.timerfd_gettime, fd, value));
}

int nanosleep(const timespec* time, timespec* rest) {
    if (stage::sleeps_on_the_labs_time()) {
        stage::sleep_for(stage::nanoseconds(*time));
        return 0;
    }
    static const auto next = stage::next_symbol<int(const timespec*, timespec*)>(stage::time_names.nanosleep);
    return next(time, rest);
}

int clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* rest) {
    if (stage::sleeps_on_the_labs_time() && stage::virtual_time(clock) != 0) {
        const std::int64_t asked = stage::nanoseconds(*time);
        stage::sleep_for((flags & TIMER_ABSTIME) != 0 ? asked - stage::virtual_time(clock) : asked);
        return 0;
    }
    static const auto next =
        stage::next_symbol<int(clockid_t, int, const timespec*, timespec*)>(stage::time_names.clock_nanosleep);
    return next(clock, flags, time, rest);
}

int usleep(useconds_t microseconds) {
    const timespec time = stage::to_timespec(static_cast<std::int64_t>(microseconds) * 1000);
    return nanosleep(&time, nullptr);
}

unsigned int sleep(unsigned int seconds) {
    const timespec time{static_cast<time_t>(seconds), 0};
    timespec rest{};
    return nanosleep(&time, &rest) == 0 ? 0 : static_cast<unsigned int>(rest.tv_sec);
}
}  // extern "C"
