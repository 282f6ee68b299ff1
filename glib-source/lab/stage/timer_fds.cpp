// SPDX-License-Identifier: MIT
#include "stage/timer_fds.hpp"

#include <sys/poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <iterator>
#include <map>
#include <mutex>

#include "stage/time_calls.hpp"
#include "stage/virtual_clock.hpp"

namespace nestling::lab::timer_fds {

namespace {

struct Timer {
    std::int64_t deadline = -1;
    std::int64_t interval = 0;
};

// Never destroyed: other threads may close the program down while they arm timers.
std::mutex& lock_of_timers() {
    static auto& lock = *new std::mutex;
    return lock;
}
std::map<int, Timer>& timers() {
    static auto& all = *new std::map<int, Timer>;
    return all;
}

/// The earliest deadline, so that a poll without timerfds need not lock; negative: none.
std::atomic<std::int64_t> earliest{-1};

/// Under the lock, after each change.
void find_earliest() noexcept {
    std::int64_t found = -1;
    for (const auto& [fd, timer] : timers()) {
        if (timer.deadline >= 0 && (found < 0 || timer.deadline < found)) {
            found = timer.deadline;
        }
    }
    earliest.store(found, std::memory_order_seq_cst);
}

bool settime(int fd, int flags, std::int64_t deadline, std::int64_t interval) noexcept {
    const itimerspec value{stage::to_timespec(interval), stage::to_timespec(deadline)};
    return ::syscall(stage::time_numbers.timerfd_settime, fd, flags, &value, nullptr) == 0;
}

/// The kernel has it ready when this returns.
bool make_ready(int fd) noexcept {
    if (!settime(fd, TFD_TIMER_ABSTIME, 1, 0)) {
        return false;
    }
    pollfd ready{fd, POLLIN, 0};
    const timespec limit{1, 0};
    ::syscall(stage::time_numbers.ppoll, &ready, 1, &limit, nullptr, 0);
    return true;
}

itimerspec rest_of(const Timer& timer, std::int64_t now) noexcept {
    const std::int64_t rest = timer.deadline < 0 ? 0 : std::max<std::int64_t>(timer.deadline - now, 1);
    return {stage::to_timespec(timer.interval), stage::to_timespec(rest)};
}

}  // namespace

void made(int fd) noexcept {
    const std::lock_guard guard(lock_of_timers());
    timers()[fd] = Timer{};
    find_earliest();
}

bool set(int fd, int flags, const itimerspec& value, itimerspec* old, std::int64_t now) noexcept {
    const std::lock_guard guard(lock_of_timers());
    const auto found = timers().find(fd);
    if (found == timers().end() || !settime(fd, 0, 0, 0)) {
        timers().erase(fd);
        find_earliest();
        return false;
    }
    Timer& timer = found->second;
    if (old != nullptr) {
        *old = rest_of(timer, now);
    }
    const std::int64_t time = stage::nanoseconds(value.it_value);
    timer.interval = stage::nanoseconds(value.it_interval);
    timer.deadline = time == 0 ? -1 : ((flags & TFD_TIMER_ABSTIME) != 0 ? time : now + time);
    if (timer.deadline >= 0 && timer.deadline <= now) {
        timer.deadline = timer.interval == 0 ? -1 : now + timer.interval;
        make_ready(fd);
    }
    find_earliest();
    return true;
}

bool get(int fd, itimerspec& value, std::int64_t now) noexcept {
    const std::lock_guard guard(lock_of_timers());
    const auto found = timers().find(fd);
    if (found == timers().end()) {
        return false;
    }
    value = rest_of(found->second, now);
    return true;
}

std::int64_t next() noexcept {
    return earliest.load(std::memory_order_seq_cst);
}

void fire(std::int64_t now) noexcept {
    if (const std::int64_t first = next(); first < 0 || first > now) {
        return;
    }
    const std::lock_guard guard(lock_of_timers());
    for (auto at = timers().begin(); at != timers().end();) {
        Timer& timer = at->second;
        if (timer.deadline < 0 || timer.deadline > now) {
            ++at;
            continue;
        }
        timer.deadline = timer.interval == 0 ? -1 : now + timer.interval;
        // A number that was closed is nobody's, or somebody else's.
        at = make_ready(at->first) ? std::next(at) : timers().erase(at);
    }
    find_earliest();
}

void release(std::int64_t now) noexcept {
    const std::lock_guard guard(lock_of_timers());
    for (auto& [fd, timer] : timers()) {
        if (timer.deadline >= 0) {
            settime(fd, 0, std::max<std::int64_t>(timer.deadline - now, 1), timer.interval);
        }
        timer = Timer{};
    }
    find_earliest();
}

}  // namespace nestling::lab::timer_fds
