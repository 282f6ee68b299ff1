// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/context.hpp>
#include <nestling/external_loop.hpp>
#include <nestling/handler_class.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "fdmon/choose.hpp"
#include "loop/bottom_half_queue.hpp"
#include "loop/fd_table.hpp"
#include "loop/handle_registry.hpp"
#include "loop/reporter.hpp"
#include "loop/spinner.hpp"
#include "loop/timer_set.hpp"
#include "loop/wake_event.hpp"
#include "os/alarm.hpp"
#include "os/thread_id.hpp"
#include "sync/home_thread.hpp"
#include "sync/loop_steps.hpp"
#include "sync/outer_attachment.hpp"

namespace nestling::loop {

class DeferredCalls;
struct RareParts;

/// One context: the parts, and the four steps that both drivers are made of.
class ContextCore {
public:
    explicit ContextCore(ContextOptions options);
    ContextCore(const ContextCore&) = delete;
    ContextCore& operator=(const ContextCore&) = delete;
    ~ContextCore();

    // ---- Any thread ----

    void notify() noexcept { queue_.notify(); }
    void post(const char* name, Callback<void()>&& callback) {
        if (event_.fork().in_child() || !is_home() || !queue_.post_quickly(name, callback)) {
            post_anyhow(name, std::move(callback));
        }
    }
    /// As post(), for the library itself: nobody need know when it is dropped with the context.
    void request(const char* name, Callback<void()> callback);
    /// A request to schedule on the queue later, when nothing may fail any more.
    [[nodiscard]] std::unique_ptr<BottomHalfNode> make_request(const char* name, Callback<void()> callback);
    [[nodiscard]] bool is_home() const noexcept { return home_.is(os::this_thread_id()); }
    [[nodiscard]] MonitorChoice monitor_choice() const { return {monitor_.monitor->kind(), monitor_.reason()}; }
    [[nodiscard]] Statistics statistics() const noexcept;
    [[nodiscard]] const Reporter& reporter() const noexcept { return reporter_; }
    [[nodiscard]] HandleRegistry& handles() noexcept { return handles_; }
    [[nodiscard]] BottomHalfQueue& queue() noexcept { return queue_; }
    [[nodiscard]] FdTable& fds() noexcept { return fds_; }
    [[nodiscard]] const sync::HomeThread<>& home() const noexcept { return home_; }
    [[nodiscard]] sync::OuterAttachment<>& attachment() noexcept { return attachment_; }
    [[nodiscard]] bool is_in_child() const noexcept { return event_.fork().in_child(); }
    /// Aborts in a forked child.
    void assert_not_forked(const char* what) const noexcept {
        if (event_.fork().in_child()) {
            refuse_child(what);
        }
    }
    /// Aborts on a foreign thread and in a forked child.
    void assert_home(const char* what) const noexcept {
        if (!is_home() || event_.fork().in_child()) {
            refuse(what);
        }
    }
    /// An outer loop comes: what it has to poll at first.
    void begin_outer();
    /// `node` has come or changed: a wait in progress that does not see it, or that has not asked its hook, must begin
    /// again. One that has gone needs nothing: what it still reports is ignored.
    void fd_set_changed(const FdNode& node) noexcept;

    // ---- Home thread ----

    bool poll(Wait wait);
    Prepared prepare();
    [[nodiscard]] std::span<PollHandle> polls() noexcept {
        return event_.is_polled_alone() ? std::span(&event_handle_, 1) : monitor_.monitor->polls();
    }
    [[nodiscard]] std::uint64_t polls_version() const noexcept {
        return monitor_.monitor->polls_version() * 2 + (event_.is_polled_alone() ? 1 : 0);
    }
    /// True if the outer loop need not ask again before the handles say so.
    [[nodiscard]] bool may_rest() const noexcept;
    bool check();
    bool dispatch(std::int64_t budget);
    /// In a callback of dispatch(): it runs no other.
    void end_dispatch() noexcept { is_dispatch_over_ = dispatch_depth_ != 0; }

    [[nodiscard]] CallbackStack& stack() noexcept { return stack_; }
    /// True if the callback that is running has nothing left of what this iteration may take.
    [[nodiscard]] bool is_budget_used_up() const noexcept { return budget_.is_used_up(); }
    [[nodiscard]] TimerSet& timers() noexcept { return timers_; }
    /// Made now if this is the first that asks. May throw std::bad_alloc.
    [[nodiscard]] RareParts& rare();
    [[nodiscard]] bool is_held(HandlerClass which) const noexcept;
    /// Null if nobody has ever put a call off.
    [[nodiscard]] DeferredCalls* deferred() noexcept;
    void set_iteration_budget(std::int64_t budget) noexcept {
        iteration_budget_ = budget;
        end_shortcuts();
    }
    /// Polling before sleeps, and for timers.
    [[nodiscard]] Spinner& spinner() noexcept { return spinner_; }
    /// A timer was armed: an outer loop that may be asleep for a later one must look again.
    void deadline_changed(const TimerNode& node) noexcept {
        end_shortcuts();
        if (steps_.window_is_open()) {
            tell_deadline(node);
        }
    }
    /// Something was made ready on the home thread itself: an outer loop that may be asleep must look again.
    void work_appeared() noexcept;
    void release_home();
    void adopt_home();

private:
    // What sync::LoopSteps asks of its host.
    friend class sync::LoopSteps<ContextCore, sync::Wake>;
    struct Outlook {
        bool ready;
        std::int64_t deadline;
    };
    Outlook look_ahead();
    sync::EventSeen sleep(const Outlook& outlook);
    sync::EventSeen sleep_quietly(const Outlook& outlook);
    bool run();
    bool poll_fully(Wait wait);
    /// An iteration of bottom halves and posts that this thread has listed for itself, when there is nothing else.
    bool poll_shortly();
    /// After a full iteration: the next few may be short ones, until something comes that those know nothing of.
    void allow_shortcuts() noexcept;
    /// What this thread does ends them; what another thread does is published, or notifies.
    void end_shortcuts() noexcept { short_until_ = 0; }
    /// Within a budget. What the last one did not reach comes first: else one kind of callback could starve the others.
    bool run_in_turns(const Budget& budget);
    /// Ends the handlers and timers whose handles are gone.
    void reap();
    void tell_deadline(const TimerNode& node) noexcept;
    void tell_outer(const Outlook& outlook);
    [[nodiscard]] bool is_outer_told(const Outlook& outlook);
    void wake_outer() noexcept;
    [[nodiscard]] bool has_work_at_home() const noexcept { return queue_.has_work_at_home(); }
    [[nodiscard]] bool is_iterating() const noexcept { return depth_ != 0 || stack_.is_calling(); }
    void slept() noexcept { sleeps_.add(1); }

    void enter(const char* what) noexcept {
        assert_home(what);
        if (attachment_.fold_detachment()) {
            end_outer();
        }
    }
    void post_anyhow(const char* name, Callback<void()>&& callback);
    /// The outer loop has gone.
    void end_outer();
    void refresh_polls();
    [[nodiscard]] bool polls_are_current() noexcept;
    /// Ends the process: this is not the home thread, or a forked child.
    [[noreturn]] void refuse(const char* what) const noexcept;
    [[noreturn]] void refuse_child(const char* what) const noexcept;
    // Callbacks are timed in some iterations only: to read the clock twice takes longer than most of them.
    [[nodiscard]] bool is_sampled() const noexcept { return iterations_.get() % between_samples == 0; }
    [[nodiscard]] bool is_sampled_after_sleep() const noexcept { return (iterations_.get() & 7U) == 1; }
    static constexpr std::uint64_t between_samples = 64;
    /// Iterations from one that may ask for the tick of the clock to the next, while bottom halves keep them busy.
    static constexpr std::uint64_t between_ticks = 8;
    /// Iterations from one look at descriptors to the next, however busy bottom halves keep them.
    static constexpr std::uint64_t most_between_looks = 64;
    void set_wall_alarm();
    /// A time at which an outer loop must wake although nothing else happens; negative: none.
    void set_outer_alarm(std::int64_t deadline);
    sync::EventSeen look_at_fds(std::int64_t timeout);
    /// Between iterations that are busy with bottom halves, descriptors need not be asked for each time.
    [[nodiscard]] bool may_skip_look() noexcept;
    /// Polls, before a sleep, for `length`. Tells whether there is nothing to do yet.
    sync::MaySleep linger(std::int64_t length);
    /// The same for an outer loop, which goes on afterwards.
    void linger_in_prepare();
    /// The outer loop has come back, with `work` and ready descriptors or without.
    void learn_from_outer(PollSet::Work work) noexcept;
    [[nodiscard]] PollSet::Work seen_work(bool event) const noexcept {
        return event || queue_.is_published() || queue_.has_work() ? PollSet::Work::some : PollSet::Work::none;
    }
    enum class AskHooks : bool { no, yes };
    Spinner::Sight watch(std::int64_t until, AskHooks ask_hooks);
    /// When the wall clock may have made something due, at the latest `until`.
    [[nodiscard]] std::int64_t end_of_watch(std::int64_t until) const noexcept;
    [[nodiscard]] bool sees_work(int looks) const noexcept;
    /// Sleeps, but for the last moments before a timer.
    sync::EventSeen sleep_and_watch(const Outlook& outlook);
    /// The deadline of `outlook` if it is that of a timer, and such are polled for; else -1.
    [[nodiscard]] std::int64_t precise_deadline(const Outlook& outlook) noexcept;
    void quiet(os::Alarm& alarm) noexcept;
    void add_alarm(os::Alarm& alarm, os::Alarm::Of clock);

    Reporter reporter_;
    sync::HomeThread<> home_;
    WakeEvent event_;
    fdmon::Chosen monitor_;
    HandleRegistry handles_;

    // Home thread, but for what their own headers say.
    CallbackStack stack_;
    // Here, because the queue begins a cache line.
    /// The iterations up to this one may be short. Then nothing was taken in, no window is open, and no callback is
    /// timed.
    std::uint64_t short_until_ = 0;
    /// How many iterations are running, but for those that run one callback: `stack_` knows of these.
    unsigned depth_ = 0;
    sync::SingleWriterCounter<std::uint64_t> iterations_;
    sync::SingleWriterCounter<std::uint64_t> sleeps_;
    sync::SingleWriterCounter<std::uint64_t> spurious_;
    sync::SingleWriterCounter<std::uint64_t> handed_on_;
    // Here they fill the room in front of the queue, which begins a cache line.
    std::vector<fdmon::Ready> ready_;
    os::Alarm outer_alarm_;
    os::Alarm wall_alarm_;
    BottomHalfQueue queue_;
    FdTable fds_;
    TimerSet timers_;
    Spinner spinner_;
    sync::OuterAttachment<> attachment_;
    sync::LoopSteps<ContextCore, sync::Wake> steps_;
    /// Of the innermost iteration.
    Budget budget_;
    /// Of poll(), in nanoseconds; 0: no limit.
    std::int64_t iteration_budget_;
    std::unique_ptr<RareParts> rare_;
    unsigned dispatch_depth_ = 0;
    bool is_dispatch_over_ = false;
    unsigned first_kind_ = 0;
    bool was_busy_ = false;
    /// At first long ago.
    std::uint64_t iteration_of_look_ = std::uint64_t{0} - most_between_looks;
    std::int64_t tick_of_look_ = 0;
    PollHandle event_handle_;
    bool tried_outer_alarm_ = false;
    bool tried_wall_alarm_ = false;
    /// What the outer loop believes about the next deadline.
    std::int64_t told_deadline_ = -1;
};

}  // namespace nestling::loop
