// SPDX-License-Identifier: MIT
#include "loop/context_core.hpp"

#include <algorithm>

#include "os/clock.hpp"

namespace nestling::loop {

namespace {
std::int64_t earlier(std::int64_t a, std::int64_t b) noexcept {
    if (a < 0 || b < 0) {
        return std::max(a, b);
    }
    return std::min(a, b);
}
}  // namespace

ContextCore::ContextCore(ContextOptions options)
    : reporter_(std::move(options.name), std::move(options.on_report), std::move(options.on_exception)),
      event_(options.notifier, reporter_),
      monitor_(fdmon::choose_monitor(options.monitor)),
      stack_(reporter_),
      queue_(event_, stack_),
      fds_(*monitor_.monitor, stack_, reporter_, event_.fork()),
      timers_(stack_) {
    const bool edges = monitor_.monitor->has_edges() && event_.notifier().kind() == NotifierKind::eventfd;
    fds_.add_internal(event_.notifier().fd(), edges ? fdmon::Trigger::edge : fdmon::Trigger::level);
    if (edges) {
        event_.report_by_edges();
    }
    if (options.home == Home::creating_thread) {
        home_.adopt();
    }
}

ContextCore::~ContextCore() {
    if (event_.fork().in_child()) {
        return;
    }
    if (depth_ != 0) {
        reporter_.die("", "destroyed inside one of its own iterations");
    }
    if (const std::string names = handles_.names(); !names.empty()) {
        reporter_.die("", "destroyed while these handles are alive: " + names);
    }
    const std::size_t lost = queue_.drop_all();
    if (lost != 0) {
        reporter_.report(Report::Kind::dropped_posts, "", -1,
                         std::to_string(lost) + " posts had not run when the context was destroyed");
    }
}

// ---- Any thread ----------------------------------------------------------------------------------------------------

void ContextCore::post(const char* name, Callback<void()> callback) {
    assert_not_forked("post()");
    auto* node = new BottomHalfNode(*this, name, std::move(callback));
    queue_.carry_out(node->state.schedule(), *node);
}

Statistics ContextCore::statistics() const noexcept {
    Statistics result;
    result.iterations = iterations_.get();
    result.sleeps = sleeps_.get();
    result.wakes_handed_on = handed_on_.get();
    result.wakes_written = event_.writes() - std::min(event_.writes(), result.wakes_handed_on);
    const std::uint64_t published = queue_.published_count();
    result.wakes_saved = published - std::min(published, result.wakes_written);
    result.bottom_halves_run = queue_.run_count();
    result.fd_callbacks_run = fds_.run_count();
    result.timers_fired = timers_.fired_count();
    result.spurious_wakes = spurious_.get();
    result.longest_callback = std::chrono::nanoseconds(stack_.longest());
    if (const char* name = stack_.longest_name()) {
        result.longest_callback_name = name;
    }
    result.worst_timer_lateness = std::chrono::nanoseconds(timers_.worst_lateness());
    return result;
}

void ContextCore::assert_not_forked(const char* what) const noexcept {
    if (event_.fork().in_child()) {
        reporter_.die("", std::string(what) + " in a forked child; a context does not survive fork(), make a new one");
    }
}

void ContextCore::assert_home(const char* what) const noexcept {
    if (!home_.is_here()) {
        reporter_.die("", std::string(what) + (home_.is_set() ? " on a thread that is not the home thread"
                                                              : " while the context has no home thread"));
    }
    assert_not_forked(what);
}

void ContextCore::fd_set_changed(const FdNode& node) noexcept {
    if (node.hooks != nullptr || fds_.needs_notify()) {
        queue_.notify();
    }
}

// ---- The parts of the steps ----------------------------------------------------------------------------------------

ContextCore::Outlook ContextCore::look_ahead() {
    queue_.accept(sync::EventSeen::no, sync::Ended::nothing);
    const bool ready = queue_.has_work() || fds_.has_ready() || monitor_.monitor->always_ready() ||
                       (fds_.has_hooks() && fds_.ask_hooks()) || timers_.has_due();
    if (ready) {
        return {true, -1};
    }
    std::int64_t deadline = earlier(timers_.next_monotonic(), queue_.idle_deadline());
    if (timers_.next_wall() >= 0) {
        set_wall_alarm();
        if (!wall_alarm_) {
            deadline = earlier(deadline, os::monotonic_ns() + std::max<std::int64_t>(timers_.next_wall() - os::wall_ns(), 0));
        }
    } else if (wall_alarm_ && wall_alarm_.deadline() >= 0) {
        wall_alarm_.disarm();
    }
    return {false, deadline};
}

void ContextCore::add_alarm(os::Alarm& alarm, os::Alarm::Of clock) {
    alarm = os::Alarm::create(clock);
    if (alarm) {
        try {
            fds_.add_internal(alarm.fd(), fdmon::Trigger::edge);
        } catch (const std::system_error&) {
            // Without it timers are rounded by the outer loop, which is late and not wrong.
            alarm = os::Alarm();
        }
    }
}

void ContextCore::set_wall_alarm() {
    if (!std::exchange(tried_wall_alarm_, true)) {
        add_alarm(wall_alarm_, os::Alarm::Of::wall);
    }
    if (wall_alarm_ && wall_alarm_.deadline() != timers_.next_wall()) {
        wall_alarm_.set(timers_.next_wall());
    }
}

void ContextCore::set_outer_alarm(std::int64_t deadline) {
    if (deadline < 0) {
        if (outer_alarm_ && outer_alarm_.deadline() >= 0) {
            outer_alarm_.disarm();
        }
        return;
    }
    if (!std::exchange(tried_outer_alarm_, true)) {
        add_alarm(outer_alarm_, os::Alarm::Of::monotonic);
    }
    if (outer_alarm_ && outer_alarm_.deadline() != deadline) {
        outer_alarm_.set(deadline);
    }
}

void ContextCore::quiet(os::Alarm& alarm) noexcept {
    if (monitor_.monitor->has_edges()) {
        alarm.forget();
    } else {
        alarm.disarm();
    }
}

sync::EventSeen ContextCore::look_at_fds(std::int64_t timeout) {
    ready_.clear();
    monitor_.monitor->wait(timeout, ready_);
    sync::EventSeen seen = sync::EventSeen::no;
    bool others = false;
    for (const fdmon::Ready& entry : ready_) {
        if (entry.key.generation != 0) {
            others = true;
        } else if (static_cast<int>(entry.key.fd) == event_.notifier().fd()) {
            seen = sync::EventSeen::yes;
        } else if (outer_alarm_ && static_cast<int>(entry.key.fd) == outer_alarm_.fd()) {
            quiet(outer_alarm_);
        } else if (wall_alarm_ && static_cast<int>(entry.key.fd) == wall_alarm_.fd()) {
            quiet(wall_alarm_);
        }
    }
    if (others) {
        fds_.collect(ready_);
    }
    return seen;
}

bool ContextCore::run(const Budget& budget) {
    ++depth_;
    bool progress = queue_.run(budget);
    if (!budget.is_used_up()) {
        progress = fds_.run(budget) || progress;
    }
    if (!budget.is_used_up()) {
        progress = timers_.run(budget) || progress;
    }
    fds_.reap();
    --depth_;
    return progress;
}

void ContextCore::fold_detachment() noexcept {
    if (window_.fold_detachment()) {
        queue_.withdraw(sync::Sleeper::external);
    }
}

// ---- The native driver ---------------------------------------------------------------------------------------------

bool ContextCore::poll(Wait wait) {
    assert_home("poll()");
    if (fds_.is_asking_hooks()) {
        reporter_.die("", "poll() inside the poll hook of a handler");
    }
    fold_detachment();
    iterations_.add(1);
    std::int64_t timeout = 0;
    bool announced = false;
    if (wait == Wait::block) {
        const Outlook outlook = look_ahead();
        if (!outlook.ready && queue_.announce(sync::Sleeper::native)) {
            announced = true;
            timeout = -1;
            if (outlook.deadline >= 0) {
                timeout = std::max<std::int64_t>(outlook.deadline - os::monotonic_ns(), 0);
            }
        }
    } else if (fds_.has_hooks()) {
        fds_.ask_hooks();
    }
    sync::EventSeen seen = sync::EventSeen::no;
    if (announced) {
        sleeps_.add(1);
    }
    if (announced || fds_.needs_look()) {
        seen = look_at_fds(timeout);
    }
    queue_.accept(seen, announced ? sync::Ended::native_wait : sync::Ended::nothing);
    stack_.set_timed(announced || (iterations_.get() & 63U) == 0);
    const bool progress = run(Budget());
    if (announced && !progress) {
        spurious_.add(1);
    }
    leave_window();
    return progress;
}

void ContextCore::leave_window() {
    if (!window_.is_open()) {
        return;
    }
    // An outer loop may be about to sleep on what prepare() told it. Whatever has changed since must wake it; for what
    // has been dealt with here it need not wake (design, P4). The window stays open in either case: the next poll() may
    // take this wake away before the outer loop sees it.
    const Outlook outlook = look_ahead();
    bool stale = outlook.ready || !monitor_.monitor->polls_are_current();
    if (!stale) {
        set_outer_alarm(outlook.deadline);
        stale = !outer_alarm_ && outlook.deadline != told_deadline_;
    }
    const bool was_armed = queue_.is_armed(sync::Sleeper::external);
    if (stale || !queue_.rearm()) {
        handed_on_.add(1);
        event_.set();
    } else if (!was_armed) {
        sleeps_.add(1);
    }
}

void ContextCore::deadline_changed(const TimerNode& node) noexcept {
    const bool told = node.clock == Clock::monotonic && told_deadline_ >= 0 && told_deadline_ <= node.deadline;
    if (!told) {
        work_appeared();
    }
}

void ContextCore::work_appeared() noexcept {
    if (window_.is_open()) {
        queue_.notify();
    }
}

// ---- The external driver -------------------------------------------------------------------------------------------

Prepared ContextCore::prepare() {
    assert_home("prepare()");
    fold_detachment();
    const Outlook outlook = look_ahead();
    const bool was_open = window_.is_open();
    if (outlook.ready || !queue_.announce(sync::Sleeper::external)) {
        if (window_.close()) {
            queue_.withdraw(sync::Sleeper::external);
        }
        return {true, std::chrono::nanoseconds(0)};
    }
    if (!was_open) {
        window_.open();
        sleeps_.add(1);
    }
    set_outer_alarm(outlook.deadline);
    told_deadline_ = outlook.deadline;
    monitor_.monitor->refresh_polls();
    if (outlook.deadline < 0 || outer_alarm_) {
        return {false, std::chrono::nanoseconds(-1)};
    }
    return {false, std::chrono::nanoseconds(std::max<std::int64_t>(outlook.deadline - os::monotonic_ns(), 0))};
}

bool ContextCore::check() {
    assert_home("check()");
    fold_detachment();
    if (window_.close()) {
        queue_.withdraw(sync::Sleeper::external);
    }
    const auto handles = polls();
    return std::any_of(handles.begin(), handles.end(), [](const PollHandle& handle) { return handle.revents != 0; }) ||
           queue_.is_published() || queue_.has_work() || queue_.idle_deadline() >= 0 || fds_.has_ready() ||
           timers_.has_due();
}

bool ContextCore::dispatch(std::int64_t budget) {
    assert_home("dispatch()");
    fold_detachment();
    iterations_.add(1);
    const bool slept = window_.close();
    sync::EventSeen seen = sync::EventSeen::no;
    bool look = monitor_.monitor->always_ready();
    for (PollHandle& handle : polls()) {
        look = std::exchange(handle.revents, short{0}) != 0 || look;
    }
    if (look) {
        seen = look_at_fds(0);
    }
    queue_.accept(seen, slept ? sync::Ended::external_wait : sync::Ended::nothing);
    stack_.set_timed(look || (iterations_.get() & 63U) == 0);
    const bool progress = run(Budget(budget));
    if (look && !progress) {
        spurious_.add(1);
    }
    leave_window();
    return progress;
}

// ---- Hand-over -----------------------------------------------------------------------------------------------------

void ContextCore::release_home() {
    assert_home("release_home()");
    if (depth_ != 0) {
        reporter_.die("", "release_home() inside an iteration");
    }
    home_.release();
}

void ContextCore::adopt_home() {
    assert_not_forked("adopt_home()");
    if (!home_.adopt()) {
        reporter_.die("", "adopt_home() while another thread is the home thread");
    }
}

}  // namespace nestling::loop
