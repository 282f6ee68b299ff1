// SPDX-License-Identifier: MIT
#include <nestling/timer.hpp>

#include <memory>
#include <utility>

#include "loop/context_core.hpp"
#include "loop/held_handlers.hpp"
#include "loop/removal.hpp"
#include "loop/timer_removal.hpp"
#include "loop/timer_request.hpp"
#include "os/clock.hpp"

namespace nestling {

using loop::ContextCore;
using loop::TimerNode;
using loop::TimerRemoval;
using loop::TimerRequest;
using std::chrono::nanoseconds;

nanoseconds clock_now(Clock clock) noexcept {
    return nanoseconds(clock == Clock::wall ? os::wall_ns() : os::monotonic_ns());
}

Timer::Timer(Context& context, const char* name, Callback<void()> callback, Clock clock, HandlerClass which)
    : core_(&context.core()) {
    core_->assert_not_forked("Timer");
    loop::HoldableCallback* front = nullptr;
    Callback<void()> called = loop::holdable(*core_, which, std::move(callback), &front);
    node_ = core_->handles().timers().make(name, std::move(called), clock).release();
    if (front != nullptr) {
        front->belongs_to(*node_);
    }
}

Timer::Timer(Timer&& other) noexcept
    : node_(std::exchange(other.node_, nullptr)), core_(std::exchange(other.core_, nullptr)) {}

Timer& Timer::operator=(Timer&& other) noexcept {
    std::swap(node_, other.node_);
    std::swap(core_, other.core_);
    Timer old(std::move(other));
    return *this;
}

Timer::~Timer() {
    remove(Callback<void()>());
}

void Timer::arm_at(nanoseconds deadline) {
    TimerNode& node = *node_;
    ContextCore& core = *core_;
    if (core.is_home() && core.timers().arm_in_place(node, deadline.count())) {
        core.deadline_changed(node);
    } else {
        TimerRequest::make(node, TimerRequest::Kind::arm, deadline.count());
    }
}

void Timer::arm_after(nanoseconds delay) {
    if (node_->clock() == Clock::virtual_time) {
        core_->assert_home("Timer::arm_after() on the virtual clock");
        arm_at(nanoseconds(core_->timers().virtual_now()) + delay);
    } else {
        arm_at(clock_now(node_->clock()) + delay);
    }
}

void Timer::anticipate(nanoseconds deadline) {
    TimerRequest::make(*node_, TimerRequest::Kind::anticipate, deadline.count());
}

void Timer::cancel() {
    if (core_->is_home()) {
        core_->timers().cancel(*node_);
    } else {
        TimerRequest::make(*node_, TimerRequest::Kind::cancel, 0);
    }
}

bool Timer::is_armed() const {
    core_->assert_home("Timer::is_armed()");
    return node_->is_armed();
}

nanoseconds Timer::deadline() const {
    core_->assert_home("Timer::deadline()");
    return nanoseconds(node_->deadline);
}

void Timer::remove(Callback<void()> removed) {
    if (node_ == nullptr) {
        return;
    }
    const auto leave_node = [this]() -> TimerNode& {
        TimerNode& node = *std::exchange(node_, nullptr);
        node.drop_handle();
        return node;
    };
    ContextCore& core = *core_;
    if (core.is_home()) {
        TimerRemoval::carry_out(leave_node(), std::move(removed));
    } else if (removed) {
        // First: when memory has run out, nothing has changed.
        auto request = TimerRemoval::make_request(*node_, std::move(removed));
        leave_node();
        core.queue().publish(*request.release());
    } else {
        core.timers().retire(leave_node());
        core.notify();
    }
}

void Timer::remove_and_wait() {
    if (node_ != nullptr) {
        loop::wait_for_removal(*core_, [this](Callback<void()> removed) { remove(std::move(removed)); });
    }
}

}  // namespace nestling
