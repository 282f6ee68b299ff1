// SPDX-License-Identifier: MIT
#include "loop/context_core.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "loop/rare_parts.hpp"

namespace nestling::loop {

ContextCore::ContextCore(ContextOptions options)
    : reporter_(std::move(options.name), std::move(options.on_report), std::move(options.on_exception)),
      event_(options.notifier, reporter_),
      monitor_(fdmon::choose_monitor(options.monitor)),
      handles_(*this),
      stack_(reporter_),
      queue_(event_, stack_),
      fds_(*monitor_.monitor, stack_, reporter_, event_.fork()),
      timers_(stack_),
      spinner_(options.busy_polling, options.precise_tail),
      steps_(*this, queue_.wake()),
      iteration_budget_(options.iteration_budget.count()) {
    monitor_.monitor->look_with(
        [](const void* queue) { return static_cast<const BottomHalfQueue*>(queue)->is_published(); }, &queue_);
    // A pipe that is not drained would be full one day.
    const bool edges = monitor_.monitor->has_edges() && event_.notifier().kind() != NotifierKind::pipe;
    fds_.add_internal(event_.notifier().fd(), edges ? fdmon::Trigger::edge : fdmon::Trigger::level);
    if (edges) {
        event_.report_by_edges();
    }
    event_handle_ = {event_.notifier().fd(), static_cast<short>(fdmon::event_in), 0};
    if (options.home == Home::creating_thread) {
        home_.adopt(os::this_thread_id());
    }
}

ContextCore::~ContextCore() {
    if (event_.fork().in_child()) {
        return;
    }
    if (is_iterating()) {
        reporter_.die("", "destroyed inside one of its own iterations");
    }
    if (stack_.has_doctor()) {
        reporter_.die("", "destroyed while a LoopDoctor watches it");
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

void ContextCore::post_anyhow(const char* name, Callback<void()>&& callback) {
    assert_not_forked("post()");
    if (is_home()) {
        queue_.post_at_home(name, std::move(callback));
    } else {
        queue_.post_elsewhere(name, std::move(callback));
    }
}

std::unique_ptr<BottomHalfNode> ContextCore::make_request(const char* name, Callback<void()> callback) {
    assert_not_forked("a change");
    return std::make_unique<BottomHalfNode>(sync::BottomHalfState<>::request, name, std::move(callback));
}

void ContextCore::request(const char* name, Callback<void()> callback) {
    // The queue has it now, as a number in the wake word, where the analyzer loses sight of it.
    queue_.publish(*make_request(name, std::move(callback)).release());
}  // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks)

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
    result.busy_polls_found = spinner_.found_count();
    result.busy_polls_given_up = spinner_.given_up_count();
    result.timers_polled_for = spinner_.tail_count();
    stack_.longest().tell(result);
    result.worst_timer_lateness = std::chrono::nanoseconds(timers_.worst_lateness());
    return result;
}

void ContextCore::refuse_child(const char* what) const noexcept {
    reporter_.die("", std::string(what) + " in a forked child; a context does not survive fork(), make a new one");
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
    const bool is_first = fds_.take_first();
    const bool at_home = is_home();
    if (at_home) {
        end_shortcuts();
        iteration_of_look_ = iterations_.get() - most_between_looks;
    }
    // Without handlers iterations are short for longer.
    if (node.has_hooks || fds_.needs_notify() || event_.is_polled_alone() || (is_first && !at_home)) {
        queue_.notify();
    }
}

void ContextCore::tell_deadline(const TimerNode& node) noexcept {
    const bool told = node.clock() == Clock::monotonic && told_deadline_ >= 0 && told_deadline_ <= node.deadline;
    if (!told) {
        queue_.notify();
    }
}

RareParts& ContextCore::rare() {
    assert_home("a part of the context");
    if (rare_ == nullptr) {
        rare_ = std::make_unique<RareParts>(stack_);
    }
    return *rare_;
}

DeferredCalls* ContextCore::deferred() noexcept {
    return rare_ == nullptr ? nullptr : &rare_->deferred;
}

bool ContextCore::is_held(HandlerClass which) const noexcept {
    return rare_ != nullptr && rare_->held.is_held(which);
}

// ---- Hand-over -----------------------------------------------------------------------------------------------------

void ContextCore::release_home() {
    assert_home("release_home()");
    if (is_iterating()) {
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
