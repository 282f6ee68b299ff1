// SPDX-License-Identifier: MIT
#include "loop/timer_request.hpp"

#include "loop/context_core.hpp"

namespace nestling::loop {

TimerRequest::TimerRequest(TimerNode& node, Kind kind, std::int64_t deadline) noexcept
    : node_(&node), deadline_(deadline), kind_(kind) {
    // RELAXED the post that follows carries it to the home thread, and only that one reads it.
    node.requests.fetch_add(1, std::memory_order_relaxed);
}

TimerRequest::~TimerRequest() {
    if (node_ == nullptr) {
        return;
    }
    // RELAXED requests of other threads are made before the handle goes, and retiring the node carries them home.
    node_->requests.fetch_sub(1, std::memory_order_relaxed);
    free_if_done(*node_);
}

void TimerRequest::make(TimerNode& node, Kind kind, std::int64_t deadline) {
    ContextCore& core = node.core();
    if (core.is_home()) {
        carry_out(node, kind, deadline);
        return;
    }
    core.request(node.name, TimerRequest(node, kind, deadline));
}

void TimerRequest::carry_out(TimerNode& node, Kind kind, std::int64_t deadline) {
    if (node.is_dead) {
        return;
    }
    ContextCore& core = node.core();
    TimerSet& timers = core.timers();
    const bool is_armed = node.place != TimerNode::Place::nowhere;
    switch (kind) {
        case Kind::anticipate:
            if (is_armed && node.deadline <= deadline) {
                return;
            }
            [[fallthrough]];
        case Kind::arm:
            timers.arm(node, deadline);
            core.deadline_changed(node);
            return;
        case Kind::cancel:
            timers.cancel(node);
            return;
    }
}

void TimerRequest::destroy(TimerNode& node) {
    CallbackStack& stack = node.core().stack();
    node.core().timers().cancel(node);
    node.is_dead = true;
    // What the callback owns goes now, or when it returns.
    stack.when_done(&node, [&stack, timer = &node] {
        timer->callback.reset();
        if (timer->on_removed) {
            CallbackStack::Frame frame(stack, nullptr, timer->name);
            frame.call(timer->on_removed);
        }
    });
    free_if_done(node);
}

void TimerRequest::free_if_done(TimerNode& node) {
    // RELAXED as in the destructor.
    if (node.is_dead && node.requests.load(std::memory_order_relaxed) == 0) {
        node.core().stack().when_done(&node, [timer = &node] { NodePool<TimerNode>::destroy(*timer); });
    }
}

}  // namespace nestling::loop
