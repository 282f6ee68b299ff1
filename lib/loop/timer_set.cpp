// SPDX-License-Identifier: MIT
#include "loop/timer_set.hpp"

#include <algorithm>

namespace nestling::loop {

void TimerSet::arm(TimerNode& node, std::int64_t deadline) {
    cancel(node);
    switch (node.clock()) {
        case Clock::monotonic:
            monotonic_.insert(node, deadline);
            break;
        case Clock::virtual_time:
            if (virtual_ == nullptr) {
                virtual_ = std::make_unique<TimerWheel>(virtual_now_);
            }
            virtual_->insert(node, deadline);
            break;
        case Clock::wall:
            wall_.emplace(std::max<std::int64_t>(deadline, 0), &node);
            node.deadline = std::max<std::int64_t>(deadline, 0);
            node.place = TimerNode::Place::wall;
            break;
    }
}

void TimerSet::cancel_wall(TimerNode& node) noexcept {
    const auto [begin, end] = wall_.equal_range(node.deadline);
    wall_.erase(std::find_if(begin, end, [&](const auto& entry) { return entry.second == &node; }));
    node.place = TimerNode::Place::nowhere;
    node.deadline = -1;
}

bool TimerSet::find_due() noexcept {
    if (!due_.empty()) {
        return true;
    }
    if (has_virtual()) {
        const std::int64_t next = virtual_->next_deadline();
        if (next >= 0 && next <= virtual_now_) {
            return true;
        }
    }
    if (!wall_.empty() && wall_.begin()->first <= os::wall_ns()) {
        return true;
    }
    const std::int64_t next = monotonic_.next_deadline();
    return next >= 0 && next <= os::monotonic_ns();
}

void TimerSet::collect_due() noexcept {
    if (!monotonic_.is_clear()) {
        const std::int64_t now = os::monotonic_ns();
        const TimerNode* before = due_.last();
        monotonic_.advance(now, due_);
        const TimerNode* first = before == nullptr ? due_.first() : due_.after(*before);
        if (first != nullptr && now - first->deadline > worst_lateness_.get()) {
            worst_lateness_.set(now - first->deadline);
        }
    }
    if (has_virtual()) {
        virtual_->advance(virtual_now_, due_);
    }
    if (!wall_.empty()) {
        const std::int64_t now = os::wall_ns();
        while (!wall_.empty() && wall_.begin()->first <= now) {
            TimerNode& node = *wall_.begin()->second;
            wall_.erase(wall_.begin());
            node.place = TimerNode::Place::listed;
            due_.push_back(node);
        }
    }
}

bool TimerSet::run(const Budget& budget) noexcept {
    collect_due();
    bool progress = false;
    while (TimerNode* node = due_.pop_front()) {
        node->place = TimerNode::Place::nowhere;
        node->deadline = -1;
        fired_count_.add(1);
        progress = true;
        CallbackStack::Frame frame(stack_, node, node->name);
        frame.call(node->callback);
        if (budget.is_used_up()) {
            break;
        }
    }
    return progress;
}

}  // namespace nestling::loop
