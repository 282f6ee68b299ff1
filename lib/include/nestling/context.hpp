// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>

#include <nestling/annotations.hpp>
#include <nestling/busy_polling.hpp>
#include <nestling/callback.hpp>
#include <nestling/event_notifier.hpp>
#include <nestling/monitor.hpp>
#include <nestling/statistics.hpp>

namespace nestling {

namespace loop {
class ContextCore;
}

/// Whether an iteration may sleep.
enum class Wait : std::uint8_t {
    none,   ///< look once, run what is ready, return
    block,  ///< sleep until something is ready, a timer is due or somebody notifies
};

/// The thread that a new context belongs to.
enum class Home : std::uint8_t {
    creating_thread,  ///< the thread that constructs it
    later,            ///< nobody until adopt_home() is called
};

/// Something the user of a context should know, and that is not worth an abort.
struct Report {
    enum class Kind : std::uint8_t {
        closed_fd,      ///< a descriptor was closed while a handler was registered for it
        reentered,      ///< a guarded callback was entered while it was running
        dropped_posts,  ///< the context was destroyed with posts that had not run
        monitor,        ///< the fd monitor met an error that it could work around
    };
    Kind kind;
    std::string context;  ///< name of the context
    std::string handle;   ///< name of the handle, or empty
    int fd = -1;          ///< the descriptor concerned, or -1
    std::string text;     ///< one line for people
};

/// A good value for ContextOptions::precise_tail: more than a sleeping thread needs to wake up.
inline constexpr std::chrono::nanoseconds usual_precise_tail{60'000};

struct ContextOptions {
    /// Shown in reports, in aborts and as the name of the GSource.
    std::string name = "context";
    /// `automatic` obeys the environment variable NESTLING_MONITOR (`epoll`, `poll` or `io_uring`), else takes the
    /// best.
    MonitorKind monitor = MonitorKind::automatic;
    NotifierKind notifier = NotifierKind::automatic;
    Home home = Home::creating_thread;
    /// Off by default.
    BusyPolling busy_polling;
    /// Before a monotonic timer is due, poll(Wait::block) does not sleep for so long but polls: the timer then runs
    /// within less than a microsecond, and still never early. Published work is seen meanwhile. 0 or less: off, and
    /// timers are late by what waking up takes. See usual_precise_tail; the kernel's timer slack (50 us for most
    /// threads, see PR_SET_TIMERSLACK) counts too. Not under an outer loop, which sleeps by itself.
    std::chrono::nanoseconds precise_tail{0};
    /// poll() stops after the callback with which an iteration has taken longer, and the next one goes on with what was
    /// not reached, descriptors and timers included. 0 or less: no limit; then each handler that is ready runs once.
    /// Costs a reading of the clock for each callback. Under an outer loop see ExternalLoop::dispatch().
    std::chrono::nanoseconds iteration_budget{0};
    /// Receives reports; by default they are written to stderr. Called on whichever thread met the condition, never
    /// with a lock of the library held. Must not throw.
    std::function<void(const Report&)> on_report;
    /// Receives what a callback of this context threw, with the name of its handle. By default the process ends through
    /// std::terminate after naming the handle. Home thread. Must not throw.
    std::function<void(std::exception_ptr, const char* handle)> on_exception;
};

/// An event loop that runs natively through poll() and nests in another loop through ExternalLoop.
///
/// Functions stand in two groups below: those that any thread may call, and those that only the home thread may call. A
/// call from a wrong thread, and any use in a forked child, ends the process with a message that names the context.
/// Callbacks run on the home thread only.
class NESTLING_API NESTLING_CAPABILITY("home thread") Context {
public:
    /// Any thread. Throws std::system_error when descriptors or memory run out (EMFILE, ENFILE, ENOMEM) or when a
    /// forced monitor cannot be had, and std::bad_alloc; nothing leaks then.
    explicit Context(ContextOptions options = {});
    /// Any thread, when no iteration is running. Posts that have not run are dropped and reported. Aborts and names
    /// them when handles (bottom halves, fd handlers, timers) are still alive.
    ~Context();
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    // ---- Any thread ------------------------------------------------------------------------------------------------

    /// Any thread, signal-safe, lock-free. A sleeping or about-to-sleep iteration returns, and everything the context
    /// owns is looked at again. Promises nothing about variables of the caller: to change those, use a BottomHalf or
    /// post(). Writes the event at most once per sleep.
    void notify() noexcept;

    /// Any thread. Runs `callback` once, in the next iteration, after everything this thread posted before. Allocates.
    /// `name` must be a string that outlives the call of the callback, usually a literal. Throws std::bad_alloc.
    void post(const char* name, Callback<void()> callback);

    /// Any thread.
    [[nodiscard]] const std::string& name() const noexcept;
    /// Any thread.
    [[nodiscard]] MonitorChoice monitor() const;
    /// Any thread. True on the home thread.
    [[nodiscard]] bool is_home() const noexcept;
    /// Any thread. Each number is exact; together they need not be one moment's.
    [[nodiscard]] Statistics statistics() const noexcept;
    /// Any thread. Asks the kernel about every registered descriptor; reports those that were closed and stops looking
    /// at them. Returns how many there were. O(handlers).
    std::size_t report_closed_fds();

    // ---- Home thread -----------------------------------------------------------------------------------------------

    /// Home thread. One iteration: waits (`Wait::block`) or looks (`Wait::none`), then runs bottom halves, ready fd
    /// handlers and due timers, in this order. While bottom halves keep one iteration after the other busy and no
    /// descriptor is ready, descriptors are looked at in one of 64, or, asked in one of 8, when a few milliseconds have
    /// passed, or after a notify(). Returns true if a callback made progress:
    /// any but idle bottom halves. A blocking call may return false (a notify(), a signal): loop on your own condition.
    /// May be called from any callback, to any depth, and at any point of an outer loop that this context is nested in.
    bool poll(Wait wait) NESTLING_REQUIRES(this);

    /// Home thread. The clock of Clock::virtual_time timers: starts at 0 and moves only through advance_virtual_time().
    [[nodiscard]] std::chrono::nanoseconds virtual_time() const NESTLING_REQUIRES(this);
    /// Home thread. Moves the virtual clock forward; timers that are due then run in the next iteration. Aborts if
    /// `step` is negative.
    void advance_virtual_time(std::chrono::nanoseconds step) NESTLING_REQUIRES(this);

    /// Home thread. Replaces ContextOptions::busy_polling; what was learned is forgotten, and the next wait polls for
    /// `rule.max`. O(1).
    void set_busy_polling(const BusyPolling& rule) NESTLING_REQUIRES(this);
    /// Home thread. As set.
    [[nodiscard]] BusyPolling busy_polling() const NESTLING_REQUIRES(this);
    /// Home thread. Replaces ContextOptions::precise_tail. O(1).
    void set_precise_tail(std::chrono::nanoseconds tail) NESTLING_REQUIRES(this);
    /// Home thread. Replaces ContextOptions::iteration_budget. O(1).
    void set_iteration_budget(std::chrono::nanoseconds budget) NESTLING_REQUIRES(this);

    /// Home thread, outside of any iteration. Gives the home thread up: any thread may adopt the context afterwards.
    /// What was published before is seen by the thread that adopts.
    void release_home() NESTLING_RELEASE(this);
    /// Any thread, when the context has no home. Makes the calling thread the home thread. Aborts if there is one.
    void adopt_home() NESTLING_ACQUIRE(this);
    /// Tells clang's analysis, and checks at run time, that this is the home thread.
    void assert_home() const NESTLING_ASSERTS(this);

    /// For the parts of this library. Not for users; no stable meaning.
    [[nodiscard]] loop::ContextCore& core() noexcept { return *core_; }

private:
    std::unique_ptr<loop::ContextCore> core_;
};

}  // namespace nestling
