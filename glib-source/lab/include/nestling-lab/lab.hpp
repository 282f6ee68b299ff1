// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nestling-lab/trace.hpp>

namespace nestling::lab {

class LabCore;

/// Whether CLOCK_REALTIME moves with the lab's time too.
enum class WallClock : std::uint8_t { real, follows };

struct LabOptions {
    WallClock wall_clock = WallClock::real;
    /// How many of the last steps are kept.
    std::size_t steps_kept = 64;
    /// For how long, in real time, a loop that would sleep for ever waits for other threads and for the kernel.
    std::chrono::milliseconds patience{10'000};
};

/// A stretch of the lab's time: within(2h).
struct Within {
    std::chrono::nanoseconds time;
};
constexpr Within within(std::chrono::nanoseconds time) noexcept {
    return {time};
}

/// What was left behind. Empty texts: nothing.
struct Leftovers {
    std::vector<std::string> sources;
    /// None where the system does not tell whose they are: on Windows.
    std::vector<int> fds;
    /// Thread-default contexts above the lab's own.
    std::size_t thread_defaults = 0;
    [[nodiscard]] bool empty() const noexcept { return sources.empty() && fds.empty() && thread_defaults == 0; }
    [[nodiscard]] std::string text() const;
};

/// Part of the script: what happens when the lab's time has come to a moment.
class At {
public:
    /// From then on `fd` is ready for `conditions`. Those that nobody polls for are not reported, but for ERR, HUP and
    /// NVAL. Makes the descriptor a scripted one: the kernel is no longer asked, by any poll() of the lab's thread.
    At& ready(int fd, int conditions);
    /// From then on it is not.
    At& clear(int fd);
    /// The next poll from then on is told `conditions`, once.
    At& pulse(int fd, int conditions);
    /// The poll that goes on then, or the next one, fails with EINTR.
    At& interrupt();
    At& run(std::function<void()> action);

private:
    friend class Lab;
    At(LabCore& core, std::chrono::nanoseconds time) noexcept : core_(&core), time_(time) {}
    LabCore* core_;
    std::chrono::nanoseconds time_;
};

/// A laboratory for GSources: a fresh GMainContext, its iterations one phase at a time, and its time.
///
/// All of it is used on the thread that made it, which owns the context; so everything here is "Home thread." The
/// context is thread-default for the life of the lab. While the lab's time is virtual, CLOCK_MONOTONIC, and with it
/// g_get_monotonic_time() and timerfds, stand still for the whole process, and move only when the lab polls, sleeps or
/// is told to. There is one lab at a time in a process; a second one throws std::logic_error.
///
/// Time is real where the lab does not stand before the C library: if it was loaded late (preload it: `nestling-lab
/// run`), in a static program, and on systems without interposition. Then steps and scripts work as well, and take
/// their time.
class Lab {
public:
    /// Throws std::logic_error if there is a lab, std::bad_alloc.
    explicit Lab(const LabOptions& options = {});
    Lab(const Lab&) = delete;
    Lab& operator=(const Lab&) = delete;
    /// Sources that live on are no longer watched. Time is real again, and may be earlier than it was.
    ~Lab();

    [[nodiscard]] GMainContext* context() const noexcept;

    [[nodiscard]] bool has_virtual_time() const noexcept;
    /// Why not, in one sentence; empty if time is virtual.
    [[nodiscard]] const std::string& why_real_time() const noexcept;
    [[nodiscard]] bool counts_calls() const noexcept;
    [[nodiscard]] bool counts_allocations() const noexcept;

    /// The lab's time: since it was made.
    [[nodiscard]] std::chrono::nanoseconds now() const noexcept;
    /// Lets time pass without an iteration, as when the thread was busy. Scripted moments on the way happen.
    void advance(std::chrono::nanoseconds time);

    // ---- Sources ----

    /// Attaches `source`, if it is not yet attached, and watches it. The reference stays the caller's. The record stays
    /// valid for the life of the lab. Sources that others attach are found and watched at the next step.
    SourceRecord& adopt(GSource* source);
    /// adopt(), and drops the caller's reference.
    SourceRecord& take(GSource* source);
    /// Of a source that lives and is watched; null of others.
    [[nodiscard]] SourceRecord* find(const GSource* source) noexcept;
    /// All that were ever watched.
    [[nodiscard]] const std::vector<std::unique_ptr<SourceRecord>>& sources() const noexcept;

    // ---- Iterations ----

    /// One whole iteration. It never waits in real time for something that may not come: a poll without limit and with
    /// nothing scripted returns at once, and the step says `would_sleep`. Valid until the next step but `steps_kept`.
    const Step& step();
    // The phases of a step, one by one. Out of order they do what GLib does then.
    bool prepare();
    void query();
    int poll();
    bool check();
    void dispatch();
    /// g_main_context_pending(): prepares, polls and checks, and throws the result away.
    bool pending();
    /// Steps until `condition` holds: true, or until the time is over: false. A loop that would sleep for ever waits
    /// for the kernel and other threads, for LabOptions::patience; then false.
    bool run_until(const std::function<bool()>& condition, Within limit);
    /// Steps until so much time has passed, or the loop would sleep for ever: then the rest of the time passes at once.
    void run_for(std::chrono::nanoseconds time);

    // ---- The script ----

    /// At that time of the lab; at once if it is past.
    At at(std::chrono::nanoseconds time);
    /// At now() + `time`.
    At in(std::chrono::nanoseconds time);
    /// Runs `action` once, before the next `phase` of a step.
    void before(Phase phase, std::function<void()> action);
    /// The number of a descriptor that does not exist, and whose answers are scripted.
    [[nodiscard]] int fake_fd();
    void ready(int fd, int conditions) { at(now()).ready(fd, conditions); }
    void clear(int fd) { at(now()).clear(fd); }
    void pulse(int fd, int conditions) { at(now()).pulse(fd, conditions); }

    // ---- Other threads ----

    /// Runs `action` on another thread, and waits for it. An exception comes back.
    void on_thread(const std::function<void()>& action);
    /// The same, with the context free to be acquired by that thread.
    void on_owner_thread(const std::function<void()>& action);

    // ---- What happened ----

    /// Of the lab's thread, since the lab was made.
    [[nodiscard]] Counts counts() const noexcept;
    /// How often the context's wake-up was written, by any thread, since the lab was made.
    [[nodiscard]] std::uint64_t wakeups() const noexcept;
    [[nodiscard]] std::uint64_t steps_made() const noexcept;
    /// The longest run of steps in which no poll slept although nothing was dispatched.
    [[nodiscard]] std::uint64_t longest_spin() const noexcept;
    [[nodiscard]] Leftovers leftovers() const;
    /// The steps kept, oldest first.
    [[nodiscard]] std::vector<const Step*> steps() const;
    /// The last steps as a timeline.
    [[nodiscard]] std::string timeline(std::size_t last = 8) const;
    /// {"sources": [...], "steps": [...]}
    [[nodiscard]] std::string json() const;

private:
    std::unique_ptr<LabCore> core_;
};

}  // namespace nestling::lab
