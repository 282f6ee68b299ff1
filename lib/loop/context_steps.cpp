// SPDX-License-Identifier: MIT
// What the steps of both drivers are made of.
#include <algorithm>
#include <utility>

#include "loop/context_core.hpp"
#include "loop/timer_removal.hpp"
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
    timers_.take_retired([](TimerNode& node) { TimerRemoval::carry_out(node, Callback<void()>()); });
}

}  // namespace nestling::loop
