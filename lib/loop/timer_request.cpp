// SPDX-License-Identifier: MIT
#include "loop/timer_request.hpp"

#include "loop/context_core.hpp"

namespace nestling::loop {

TimerRequest::TimerRequest(TimerNode& node, Kind kind, std::int64_t deadline) noexcept
    : node_(&node), deadline_(deadline), kind_(kind) {
    node.begin_request();
}

TimerRequest::~TimerRequest() {
    if (node_ != nullptr && node_->end_request()) {
        NodePool<TimerNode>::destroy(*node_);
    }
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
    if (node.place == TimerNode::Place::removed) {
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

}  // namespace nestling::loop
