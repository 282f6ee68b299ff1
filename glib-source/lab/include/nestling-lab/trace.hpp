// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace nestling::lab {

/// The system calls that the lab counts: what event loops and their sources make.
enum class Call : std::uint8_t { read, write, poll, epoll_wait, epoll_ctl, timerfd_settime, receive, send };
inline constexpr std::size_t call_kinds = 8;

/// "read", "epoll_wait", ...
const char* name_of(Call call) noexcept;

/// What the lab's thread has asked of the system. Where the lab cannot stand before the C library, `counts_calls` or
/// `counts_allocations` of the lab is false, and the numbers are 0.
struct Counts {
    std::array<std::uint64_t, call_kinds> calls{};
    std::uint64_t allocations = 0;

    [[nodiscard]] std::uint64_t of(Call call) const noexcept { return calls[static_cast<std::size_t>(call)]; }
    [[nodiscard]] std::uint64_t all_calls() const noexcept;
    [[nodiscard]] Counts since(const Counts& earlier) const noexcept;
};

/// The phases of one iteration of a GMainContext.
enum class Phase : std::uint8_t { prepare, query, poll, check, dispatch };

/// What the lab knows of one source. It stays as long as the lab, also when the source does not.
struct SourceRecord {
    /// Not to be used when `finalized`.
    GSource* source = nullptr;
    /// 1, 2, ...: the order in which the lab came to know them.
    unsigned number = 0;
    std::string name;
    std::uint64_t prepared = 0;
    std::uint64_t checked = 0;
    std::uint64_t dispatched = 0;
    /// The lab's time at each begin of a dispatch.
    std::vector<std::chrono::nanoseconds> dispatched_at;
    std::atomic<bool> finalized{false};

    /// "timer#1"
    [[nodiscard]] std::string label() const;
};

/// One thing that happened in a step.
struct TraceEvent {
    enum class What : std::uint8_t { attach, prepare, check, dispatch, dispatched, finalize, act };
    What what = What::act;
    /// The number of the source; 0: none.
    unsigned source = 0;
    /// The source's answer: ready, or, of `dispatched`, whether it stays.
    bool answer = false;
    /// Whether the source has such a function at all.
    bool is_asked = true;
    /// Of `prepare`: what the source asked for, in milliseconds; -1: no limit.
    int timeout = -1;
    std::chrono::nanoseconds at{0};
};

struct PolledFd {
    /// -1 is not polled; of a fake descriptor its number.
    std::int64_t fd = -1;
    unsigned short events = 0;
    unsigned short revents = 0;
    /// The event by which other threads wake the GMainContext.
    bool is_wakeup = false;
    /// Its answers come from the script.
    bool is_scripted = false;
};

/// One iteration, from prepare to dispatch.
struct Step {
    /// 1, 2, ...
    std::uint64_t number = 0;
    /// 0, or how many dispatches of others it happened inside.
    unsigned depth = 0;
    std::chrono::nanoseconds begin{0};
    std::chrono::nanoseconds end{0};
    std::vector<TraceEvent> events;
    /// Whether it came to poll.
    bool has_polled = false;
    /// What GLib passed to poll, in milliseconds; -1: no limit.
    int timeout = -1;
    /// How much time the poll took.
    std::chrono::nanoseconds slept{0};
    std::vector<PolledFd> polled;
    int poll_result = 0;
    /// The errno of a poll that failed.
    int poll_error = 0;
    /// Nothing was ready, nothing scripted, and no limit: the loop would sleep until another thread wakes it.
    bool would_sleep = false;
    /// The time that the lab was to run for ended the poll.
    bool was_cut = false;
    /// How often the GMainContext's wake-up was written, by any thread.
    std::uint64_t wakeups = 0;
    Counts counts;

    [[nodiscard]] bool prepared(const SourceRecord& source) const noexcept;
    [[nodiscard]] bool checked(const SourceRecord& source) const noexcept;
    [[nodiscard]] bool dispatched(const SourceRecord& source) const noexcept;
    /// The numbers of the sources, in the order of their dispatch.
    [[nodiscard]] std::vector<unsigned> dispatch_order() const;
};

}  // namespace nestling::lab
