// SPDX-License-Identifier: MIT
// The two ways to drive a context: poll(), and the steps of an outer loop.
#include <algorithm>
#include <utility>

#include "loop/context_core.hpp"
#include "loop/rare_parts.hpp"
#include "os/clock.hpp"

namespace nestling::loop {

inline bool ContextCore::run() {
    const Budget budget = budget_;
    ++depth_;
    bool progress = false;
    if (budget.has_limit()) {
        progress = run_in_turns(budget);
    } else {
        progress = queue_.run(budget);
        progress = (fds_.has_ready() && !budget.is_over() && fds_.run(budget)) || progress;
        progress = (!timers_.empty() && !budget.is_over() && timers_.run(budget)) || progress;
    }
    if (fds_.has_retired() || timers_.has_retired()) {
        reap();
    }
    --depth_;
    return progress;
}

// ---- The native driver ---------------------------------------------------------------------------------------------

bool ContextCore::poll_shortly() {
    iterations_.add(1);
    ++depth_;
    const bool progress = queue_.run_round(Budget());
    --depth_;
    if (!progress) {
        was_busy_ = false;
        end_shortcuts();
    }
    return progress;
}

inline void ContextCore::allow_shortcuts() noexcept {
    if ((was_busy_ || !fds_.needs_look()) && timers_.empty() && !timers_.has_retired() && !fds_.has_ready() &&
        !fds_.has_retired() && !fds_.has_hooks() && !queue_.has_taken_in() && !steps_.window_is_open() &&
        !budget_.has_limit() && iteration_budget_ <= 0 && !stack_.is_traced()) {
        stack_.set_timed(false);
        // The next one is full: there callbacks may be timed, and the clock tells whether to look at descriptors.
        short_until_ = iterations_.get() | ((fds_.needs_look() ? between_ticks : between_samples) - 1);
    }
}

bool ContextCore::poll_fully(Wait wait) {
    end_shortcuts();
    if (attachment_.fold_detachment()) {
        end_outer();
    }
    if (fds_.is_asking_hooks()) {
        reporter_.die("", "poll() inside the poll hook of a handler");
    }
    iterations_.add(1);
    const DeferredCalls::Outside outside(deferred());
    const std::uint64_t sleeps = sleeps_.get();
    bool slept = false;
    const auto look = [this] {
        if (fds_.has_hooks()) {
            fds_.ask_hooks();
        }
        if (!fds_.needs_look() || may_skip_look()) {
            return sync::EventSeen::no;
        }
        return look_at_fds(0);
    };
    const auto accept = [&](sync::EventSeen seen, sync::Ended ended) {
        slept = sleeps_.get() != sleeps;
        queue_.accept(seen, ended);
        stack_.begin_iteration(slept ? is_sampled_after_sleep() : is_sampled(),
                               slept ? HandlerLog::Waited::yes : HandlerLog::Waited::no);
    };
    sync::MaySleep may_sleep = wait == Wait::block ? sync::MaySleep::yes : sync::MaySleep::no;
    if (may_sleep == sync::MaySleep::yes && spinner_.is_on()) {
        may_sleep = linger(spinner_.length());
    }
    const Budget outer = std::exchange(budget_, Budget(iteration_budget_));
    const bool progress = steps_.poll(may_sleep, look, accept);
    budget_ = outer;
    // Descriptors that were ready are asked for again.
    was_busy_ = progress && !slept && ready_.empty();
    if (slept && !progress) {
        spurious_.add(1);
    }
    stack_.end_iteration(progress);
    allow_shortcuts();
    return progress;
}

bool ContextCore::may_skip_look() noexcept {
    if (spinner_.take_spared_look()) {
        return true;
    }
    // To ask the kernel costs as much as many bottom halves. A tick of the clock tells how long they have taken; even
    // that is not for nothing, so it is asked for in one of a few iterations.
    const std::uint64_t iteration = iterations_.get();
    if (!queue_.is_notified() && (queue_.is_published() || queue_.has_work())) {
        const bool may_skip = was_busy_ && iteration - iteration_of_look_ < most_between_looks;
        if (may_skip && iteration % between_ticks != 0) {
            return true;
        }
        const std::int64_t tick = os::coarse_monotonic_ns();
        if (may_skip && tick == tick_of_look_) {
            return true;
        }
        tick_of_look_ = tick;
    }
    iteration_of_look_ = iteration;
    return false;
}

inline sync::EventSeen ContextCore::sleep_quietly(const Outlook& outlook) {
    if (spinner_.is_on()) {
        return sleep_and_watch(outlook);
    }
    return look_at_fds(outlook.deadline < 0 ? -1 : std::max<std::int64_t>(outlook.deadline - os::monotonic_ns(), 0));
}

sync::EventSeen ContextCore::sleep(const Outlook& outlook) {
    if (stack_.is_traced()) [[unlikely]] {
        stack_.trace_sleep(outlook.deadline);
        const sync::EventSeen seen = sleep_quietly(outlook);
        stack_.trace_wake();
        return seen;
    }
    return sleep_quietly(outlook);
}

void ContextCore::work_appeared() noexcept {
    if (steps_.window_is_open()) {
        queue_.notify();
    }
}

// ---- The external driver -------------------------------------------------------------------------------------------

void ContextCore::begin_outer() {
    // To poll an epoll descriptor costs the outer loop several times what an eventfd does.
    fds_.with_set([this] {
        if (monitor_.monitor->kind() == MonitorKind::epoll && fds_.has_only_event()) {
            event_.poll_alone();
        } else {
            event_.poll_in_set();
        }
    });
}

void ContextCore::end_outer() {
    steps_.close_window();
    fds_.with_set([this] {
        // The next one may be there already.
        if (!attachment_.is_attached()) {
            event_.poll_in_set();
        }
    });
}

void ContextCore::refresh_polls() {
    if (event_.is_polled_alone() && !fds_.has_only_event()) {
        // For good, because it costs an outer loop an iteration.
        event_.poll_in_set();
    }
    monitor_.monitor->refresh_polls();
}

bool ContextCore::polls_are_current() noexcept {
    return (!event_.is_polled_alone() || fds_.has_only_event()) && monitor_.monitor->polls_are_current();
}

bool ContextCore::may_rest() const noexcept {
    // A set that is not live is handed to the outer loop by prepare().
    return steps_.window_is_open() && monitor_.monitor->set_is_live() && !fds_.has_hooks() &&
           !spinner_.is_on_in_prepare() && (told_deadline_ < 0 || outer_alarm_) &&
           (timers_.next_wall() < 0 || wall_alarm_);
}

Prepared ContextCore::prepare() {
    enter("prepare()");
    end_shortcuts();
    if (spinner_.is_on_in_prepare()) {
        linger_in_prepare();
    }
    if (steps_.prepare()) {
        // The outer loop looks all the same: bottom halves without end must not hide a descriptor that came since.
        refresh_polls();
        return {true, std::chrono::nanoseconds(0)};
    }
    if (monitor_.monitor->always_ready()) {
        // What was to be asked for was refused just now: nothing would wake the outer loop, not even the alarm.
        return {true, std::chrono::nanoseconds(0)};
    }
    if (told_deadline_ < 0 || outer_alarm_) {
        return {false, std::chrono::nanoseconds(-1)};
    }
    return {false, std::chrono::nanoseconds(std::max<std::int64_t>(told_deadline_ - os::monotonic_ns(), 0))};
}

void ContextCore::tell_outer(const Outlook& outlook) {
    set_outer_alarm(outlook.deadline);
    told_deadline_ = outlook.deadline;
    refresh_polls();
}

bool ContextCore::is_outer_told(const Outlook& outlook) {
    set_outer_alarm(outlook.deadline);
    if (outer_alarm_) {
        // The old deadline has gone from the alarm, so it no longer covers a timer that is armed next.
        told_deadline_ = outlook.deadline;
    }
    return outlook.deadline == told_deadline_ && polls_are_current();
}

void ContextCore::wake_outer() noexcept {
    handed_on_.add(1);
    // A monitor that asks anew for what it has reported must have asked for the event, or nobody sees it.
    static_cast<void>(monitor_.monitor->polls_are_current());
    event_.set();
}

bool ContextCore::check() {
    enter("check()");
    steps_.close_window();
    const auto handles = polls();
    return std::any_of(handles.begin(), handles.end(), [](const PollHandle& handle) { return handle.revents != 0; }) ||
           queue_.is_published() || queue_.has_work() || queue_.idle_deadline() >= 0 || fds_.has_ready() ||
           timers_.has_due();
}

bool ContextCore::dispatch(std::int64_t budget) {
    enter("dispatch()");
    end_shortcuts();
    iterations_.add(1);
    // What the outer loop found is a hint: it may be old, and what it misses is found by the next wait.
    bool is_reported = monitor_.monitor->always_ready();
    for (PollHandle& handle : polls()) {
        is_reported = std::exchange(handle.revents, short{0}) != 0 || is_reported;
    }
    const auto look = [&] {
        if (!is_reported) {
            return sync::EventSeen::no;
        }
        // Descriptors that have come since are the next prepare()'s.
        return event_.is_polled_alone() ? sync::EventSeen::yes : look_at_fds(0);
    };
    const auto accept = [&](sync::EventSeen seen, sync::Ended ended) {
        if (spinner_.take_outer_sleep()) {
            learn_from_outer(seen_work(seen == sync::EventSeen::yes));
        }
        queue_.accept(seen, ended);
        stack_.begin_iteration(is_reported ? is_sampled_after_sleep() : is_sampled(),
                               is_reported ? HandlerLog::Waited::yes : HandlerLog::Waited::no);
        budget_ = Budget(budget, is_dispatch_over_);
    };
    const Budget outer = budget_;
    ++dispatch_depth_;
    const bool progress = steps_.dispatch(look, accept);
    budget_ = outer;
    // Those around it are over as well.
    is_dispatch_over_ = --dispatch_depth_ != 0 && is_dispatch_over_;
    // What a nested poll() has allowed did not know of what is left now.
    end_shortcuts();
    if (is_reported && !progress) {
        spurious_.add(1);
    }
    stack_.end_iteration(progress);
    return progress;
}

}  // namespace nestling::loop
