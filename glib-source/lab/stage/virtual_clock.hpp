// SPDX-License-Identifier: MIT
#pragma once

#include <ctime>

#include <atomic>
#include <cstdint>

#include <nestling-lab/lab.hpp>

/// What the definitions in front of the C library's share with the lab. All times in nanoseconds.
namespace nestling::lab::stage {

/// CLOCK_MONOTONIC as the process sees it; 0: the real one. Written by the lab's thread.
extern std::atomic<std::int64_t> virtual_monotonic;
/// CLOCK_REALTIME as the process sees it; 0: the real one.
extern std::atomic<std::int64_t> virtual_wall;
/// Set by the interposed clock_gettime() when it is called: that is how the lab knows that it is in place.
extern std::atomic<bool> clock_is_ours;

std::int64_t real_clock(clockid_t clock) noexcept;

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t nanoseconds(const timespec& time) noexcept {
    return static_cast<std::int64_t>(time.tv_sec) * second + time.tv_nsec;
}
constexpr timespec to_timespec(std::int64_t time) noexcept {
    return {static_cast<time_t>(time / second), static_cast<long>(time % second)};
}

/// The lab of the calling thread whose time is virtual: what blocks here lets its time pass instead.
extern constinit thread_local LabCore* lab_of_thread [[gnu::tls_model("initial-exec")]];
/// Whether the script of `lab` answers for `fd`, and what, to a poll for `events`.
bool script_answers(LabCore& lab, int fd, unsigned short events, unsigned short& revents);
/// Lets the lab's time pass until `deadline` (of virtual_monotonic; negative: no limit) or until `look` says yes.
/// False: nothing is to come, ever.
bool pass_time(LabCore& lab, std::int64_t deadline, bool (*look)(void*), void* data);

}  // namespace nestling::lab::stage
