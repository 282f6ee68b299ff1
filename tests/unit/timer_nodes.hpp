// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <vector>

#include "loop/timer_list.hpp"

namespace nestling::testing {

/// Timers that are armed nowhere, and belong to no context.
class TimerNodes {
public:
    loop::TimerNode& make(Clock clock = Clock::monotonic, Callback<void()> callback = nullptr) {
        return nodes_.emplace_back("timer", std::move(callback), clock);
    }

private:
    std::deque<loop::TimerNode> nodes_;
};

inline std::vector<loop::TimerNode*> take_all(loop::TimerList& list) {
    std::vector<loop::TimerNode*> nodes;
    while (loop::TimerNode* node = list.pop_front()) {
        node->place = loop::TimerNode::Place::nowhere;
        nodes.push_back(node);
    }
    return nodes;
}

}  // namespace nestling::testing
