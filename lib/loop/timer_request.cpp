// SPDX-License-Identifier: MIT
#include "loop/timer_request.hpp"

#include "loop/context_core.hpp"
#include "loop/timer_holds.hpp"

namespace nestling::loop {

TimerRequest::TimerRequest(TimerNode& node, Kind kind, std::int64_t deadline) noexcept
    : node_(&node), deadline_(deadline), kind_(kind) {
    TimerHolds::begin(node);
}

TimerRequest::~TimerRequest() {
    if (node_ != nullptr) {
        TimerHolds::end(*node_);
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
    switch (kind) {
        case Kind::anticipate:
            if (node.is_armed() && node.deadline <= deadline) {
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
