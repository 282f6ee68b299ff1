// SPDX-License-Identifier: MIT
#include "loop/context_core.hpp"

#include <algorithm>
#include <cstdlib>

#include "loop/timer_request.hpp"
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
      timers_(stack_),
      steps_(*this, queue_.wake()) {
    const bool edges = monitor_.monitor->has_edges() && event_.notifier().kind() == NotifierKind::eventfd;
    fds_.add_internal(event_.notifier().fd(), edges ? fdmon::Trigger::edge : fdmon::Trigger::level);
    if (edges) {
        event_.report_by_edges();
    }
    if (options.home == Home::creating_thread) {
        home_.adopt(os::this_thread_id());
    }
}

ContextCore::~ContextCore() {
    if (event_.fork().in_child()) {
        return;
    }
    if (depth_ != 0) {
        reporter_.die("", "destroyed inside one of its own iterations");
    }
    // What a post owns goes with it, handles of this context too.
    reap();
    if (const std::size_t lost = queue_.drop_all(); lost != 0) {
        reporter_.report(Report::Kind::dropped_posts, "", -1,
                         std::to_string(lost) + " posts had not run when the context was destroyed");
    }
    reap();
    if (const std::string names = handles_.names(); !names.empty()) {
        reporter_.die("", "destroyed while these handles are alive: " + names);
    }
}

// ---- Any thread ----------------------------------------------------------------------------------------------------

void ContextCore::post(const char* name, Callback<void()> callback) {
    assert_not_forked("post()");
    BottomHalfNode* node = is_home() ? queue_.take_spare() : nullptr;
    if (node != nullptr) {
        node->name = name;
        node->callback = std::move(callback);
    } else {
        node = new BottomHalfNode(*this, sync::BottomHalfState<>::post, name, std::move(callback));
    }
    queue_.publish(*node);
}

std::unique_ptr<BottomHalfNode> ContextCore::make_request(const char* name, Callback<void()> callback) {
    assert_not_forked("a change");
    return std::make_unique<BottomHalfNode>(*this, sync::BottomHalfState<>::request, name, std::move(callback));
}

void ContextCore::request(const char* name, Callback<void()> callback) {
    queue_.publish(*make_request(name, std::move(callback)).release());
}

Statistics ContextCore::statistics() const noexcept {
    Statistics result;
    result.iterations = iterations_.get();
    result.sleeps = sleeps_.get();
    result.wakes_handed_on = handed_on_.get();
    result.wakes_written = event_.writes() - std::min(event_.writes(), result.wakes_handed_on);
    const std::uint64_t published = queue_.published_count();
    const std::uint64_t needed = result.wakes_written - std::min(result.wakes_written, event_.notify_writes());
    result.wakes_saved = published - std::min(published, needed);
    result.bottom_halves_run = queue_.run_count();
    result.fd_callbacks_run = fds_.run_count();
    result.timers_fired = timers_.fired_count();
    result.spurious_wakes = spurious_.get();
    stack_.longest().tell(result);
    result.worst_timer_lateness = std::chrono::nanoseconds(timers_.worst_lateness());
    return result;
}

void ContextCore::assert_not_forked(const char* what) const noexcept {
    if (event_.fork().in_child()) {
        reporter_.die("", std::string(what) + " in a forked child; a context does not survive fork(), make a new one");
    }
}

void ContextCore::refuse(const char* what) const noexcept {
    if (!is_home()) {
        reporter_.die("", std::string(what) + (home_.is_set() ? " on a thread that is not the home thread"
                                                              : " while the context has no home thread"));
    }
    assert_not_forked(what);
    std::abort();
}

void ContextCore::fd_set_changed(const FdNode& node) noexcept {
    if (node.hooks != nullptr || fds_.needs_notify()) {
        queue_.notify();
    }
}

// ---- The parts of the steps ----------------------------------------------------------------------------------------

ContextCore::Outlook ContextCore::look_ahead() {
    queue_.accept(sync::EventSeen::no, sync::Ended::nothing);
    const bool ready = queue_.has_work() || fds_.has_ready() || fds_.has_retired() || timers_.has_retired() ||
                       monitor_.monitor->always_ready() || (fds_.has_hooks() && fds_.ask_hooks()) || timers_.has_due();
    if (ready) {
        return {true, -1};
    }
    std::int64_t deadline = earlier(timers_.next_monotonic(), queue_.idle_deadline());
    if (timers_.next_wall() >= 0) {
        set_wall_alarm();
        if (!wall_alarm_) {
            deadline =
                earlier(deadline, os::monotonic_ns() + std::max<std::int64_t>(timers_.next_wall() - os::wall_ns(), 0));
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

bool ContextCore::run() {
    const Budget budget = budget_;
    ++depth_;
    bool progress = false;
    if (budget.has_limit()) {
        progress = run_in_turns(budget);
    } else {
        progress = queue_.run(budget);
        progress = (fds_.has_ready() && fds_.run(budget)) || progress;
        progress = (!timers_.empty() && timers_.run(budget)) || progress;
    }
    if (fds_.has_retired() || timers_.has_retired()) {
        reap();
    }
    --depth_;
    return progress;
}

bool ContextCore::run_in_turns(const Budget& budget) {
    constexpr unsigned kinds = 3;
    const unsigned first = std::exchange(first_kind_, 0U);
    bool progress = false;
    for (unsigned step = 0; step != kinds; ++step) {
        const unsigned kind = (first + step) % kinds;
        const bool ran = kind == 0 ? queue_.run(budget) : (kind == 1 ? fds_.run(budget) : timers_.run(budget));
        progress = ran || progress;
        if (progress && budget.is_used_up()) {
            first_kind_ = (kind + 1) % kinds;
            break;
        }
    }
    return progress;
}

void ContextCore::reap() {
    fds_.reap();
    for (TimerNode* node = timers_.take_retired(); node != nullptr;) {
        TimerRequest::destroy(*std::exchange(node, node->next_retired));
    }
}

void ContextCore::enter(const char* what) noexcept {
    assert_home(what);
    if (attachment_.fold_detachment()) {
        steps_.close_window();
    }
}

// ---- The native driver ---------------------------------------------------------------------------------------------

bool ContextCore::poll(Wait wait) {
    enter("poll()");
    if (fds_.is_asking_hooks()) {
        reporter_.die("", "poll() inside the poll hook of a handler");
    }
    iterations_.add(1);
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
        stack_.set_timed(slept || is_sampled());
    };
    const Budget outer = std::exchange(budget_, Budget());
    const bool progress = steps_.poll(wait == Wait::block ? sync::MaySleep::yes : sync::MaySleep::no, look, accept);
    budget_ = outer;
    // Descriptors that were ready are asked for again.
    was_busy_ = progress && !slept && ready_.empty();
    if (slept && !progress) {
        spurious_.add(1);
    }
    return progress;
}

bool ContextCore::may_skip_look() noexcept {
    // To ask the kernel costs as much as many bottom halves. A tick tells how long they have taken, for next to
    // nothing.
    constexpr unsigned most_skipped = 63;
    const bool is_busy = !queue_.is_notified() && (queue_.is_published() || queue_.has_work());
    if (is_busy) {
        const std::int64_t tick = os::coarse_monotonic_ns();
        if (was_busy_ && skipped_looks_ != most_skipped && tick == tick_of_look_) {
            ++skipped_looks_;
            return true;
        }
        tick_of_look_ = tick;
    }
    skipped_looks_ = 0;
    return false;
}

sync::EventSeen ContextCore::sleep(const Outlook& outlook) {
    return look_at_fds(outlook.deadline < 0 ? -1 : std::max<std::int64_t>(outlook.deadline - os::monotonic_ns(), 0));
}

void ContextCore::deadline_changed(const TimerNode& node) noexcept {
    const bool told = node.clock == Clock::monotonic && told_deadline_ >= 0 && told_deadline_ <= node.deadline;
    if (!told) {
        work_appeared();
    }
}

void ContextCore::work_appeared() noexcept {
    if (steps_.window_is_open()) {
        queue_.notify();
    }
}

// ---- The external driver -------------------------------------------------------------------------------------------

Prepared ContextCore::prepare() {
    enter("prepare()");
    if (steps_.prepare()) {
        // The outer loop looks all the same: bottom halves without end must not hide a descriptor that came since.
        monitor_.monitor->refresh_polls();
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
    monitor_.monitor->refresh_polls();
}

bool ContextCore::is_outer_told(const Outlook& outlook) {
    set_outer_alarm(outlook.deadline);
    if (outer_alarm_) {
        // The old deadline has gone from the alarm, so it no longer covers a timer that is armed next.
        told_deadline_ = outlook.deadline;
    }
    return outlook.deadline == told_deadline_ && monitor_.monitor->polls_are_current();
}

void ContextCore::wake_outer() noexcept {
    handed_on_.add(1);
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
    iterations_.add(1);
    // What the outer loop found is a hint: it may be old, and what it misses is found by the next wait.
    bool is_reported = monitor_.monitor->always_ready();
    for (PollHandle& handle : polls()) {
        is_reported = std::exchange(handle.revents, short{0}) != 0 || is_reported;
    }
    const auto look = [&] { return is_reported ? look_at_fds(0) : sync::EventSeen::no; };
    const auto accept = [&](sync::EventSeen seen, sync::Ended ended) {
        queue_.accept(seen, ended);
        stack_.set_timed(is_reported || is_sampled());
        budget_ = Budget(budget);
    };
    const Budget outer = budget_;
    const bool progress = steps_.dispatch(look, accept);
    budget_ = outer;
    if (is_reported && !progress) {
        spurious_.add(1);
    }
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
    if (!home_.adopt(os::this_thread_id())) {
        reporter_.die("", "adopt_home() while another thread is the home thread");
    }
}

}  // namespace nestling::loop
