// SPDX-License-Identifier: MIT
#include "loop/timer_removal.hpp"

#include "loop/context_core.hpp"
#include "loop/timer_holds.hpp"

namespace nestling::loop {

void TimerRemoval::carry_out(TimerNode& node, Callback<void()> removed) {
    ContextCore& core = node.core();
    CallbackStack& stack = core.stack();
    const char* const name = node.name;
    const bool is_running = stack.is_running(&node);
    core.timers().take_out(node);
    node.place = TimerNode::Place::removed;
    // What the callback owns goes now, or when it returns.
    stack.when_done(&node, [timer = &node] { end(*timer); });
    if (!removed) {
        return;
    }
    if (is_running) {
        stack.when_done(&node, std::move(removed));
    } else {
        CallbackStack::Frame frame(stack, nullptr, name);
        frame.call(removed);
    }
}

void TimerRemoval::end(TimerNode& node) {
    node.callback.reset();
    TimerHolds::release(node);
}

std::unique_ptr<BottomHalfNode> TimerRemoval::make_request(TimerNode& node, Callback<void()> removed) {
    return node.core().make_request(node.name, TimerRemoval(node, std::move(removed)));
}

TimerRemoval::~TimerRemoval() {
    if (node_ != nullptr && !node_->has_handle()) {
        carry_out(*node_, std::move(removed_));
    }
}

}  // namespace nestling::loop
