// SPDX-License-Identifier: MIT
#include <nestling/timer.hpp>

#include <memory>
#include <utility>

#include "loop/context_core.hpp"
#include "loop/removal.hpp"
#include "loop/timer_request.hpp"
#include "os/clock.hpp"

namespace nestling {

using loop::ContextCore;
using loop::TimerNode;
using loop::TimerRequest;
using std::chrono::nanoseconds;

nanoseconds clock_now(Clock clock) noexcept {
    return nanoseconds(clock == Clock::wall ? os::wall_ns() : os::monotonic_ns());
}

Timer::Timer(Context& context, const char* name, Callback<void()> callback, Clock clock) {
    ContextCore& core = context.core();
    core.assert_not_forked("Timer");
    node_ = core.handles().timers().make(name, std::move(callback), clock).release();
}

Timer::Timer(Timer&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}

Timer& Timer::operator=(Timer&& other) noexcept {
    std::swap(node_, other.node_);
    Timer old(std::move(other));
    return *this;
}

Timer::~Timer() {
    remove(Callback<void()>());
}

void Timer::arm_at(nanoseconds deadline) {
    TimerNode& node = *node_;
    ContextCore& core = node.core();
    if (core.is_home() && core.timers().arm_quickly(node, deadline.count())) {
        core.deadline_changed(node);
    } else {
        TimerRequest::make(node, TimerRequest::Kind::arm, deadline.count());
    }
}

void Timer::arm_after(nanoseconds delay) {
    if (node_->clock == Clock::virtual_time) {
        node_->core().assert_home("Timer::arm_after() on the virtual clock");
        arm_at(nanoseconds(node_->core().timers().virtual_now()) + delay);
    } else {
        arm_at(clock_now(node_->clock) + delay);
    }
}

void Timer::anticipate(nanoseconds deadline) {
    TimerRequest::make(*node_, TimerRequest::Kind::anticipate, deadline.count());
}

void Timer::cancel() {
    TimerNode& node = *node_;
    ContextCore& core = node.core();
    if (core.is_home()) {
        core.timers().cancel(node);
    } else {
        TimerRequest::make(node, TimerRequest::Kind::cancel, 0);
    }
}

bool Timer::is_armed() const {
    node_->core().assert_home("Timer::is_armed()");
    return node_->place != TimerNode::Place::nowhere;
}

nanoseconds Timer::deadline() const {
    node_->core().assert_home("Timer::deadline()");
    return nanoseconds(node_->deadline);
}

void Timer::remove(Callback<void()> removed) {
    TimerNode* node = std::exchange(node_, nullptr);
    if (node == nullptr) {
        return;
    }
    ContextCore& core = node->core();
    node->drop_handle();
    node->on_removed = std::move(removed);
    if (core.is_home()) {
        TimerRequest::destroy(*node);
    } else {
        core.timers().retire(*node);
        core.notify();
    }
}

void Timer::remove_and_wait() {
    if (node_ != nullptr) {
        loop::wait_for_removal(node_->core(), [this](Callback<void()> removed) { remove(std::move(removed)); });
    }
}

}  // namespace nestling
