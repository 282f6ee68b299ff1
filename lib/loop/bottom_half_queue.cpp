// SPDX-License-Identifier: MIT
#include "loop/bottom_half_queue.hpp"

#include "os/clock.hpp"

namespace nestling::loop {

namespace {
using State = sync::BottomHalfState<>;
constexpr std::int64_t idle_latency = 10'000'000;

BottomHalfNode* node_of(sync::PendingNode<sync::StdAtomics>* link) noexcept {
    return static_cast<BottomHalfNode*>(link);
}
}  // namespace

void BottomHalfQueue::accept(sync::EventSeen seen, sync::Ended ended) noexcept {
    auto* list = wake_.accept(event_, seen, ended);
    std::uint64_t count = 0;
    while (list != nullptr) {
        auto* link = list;
        list = link->next.load();
        ++count;
        const State::Flags flags = node_of(link)->state.look();
        if ((flags & (State::idle | State::scheduled | State::deleted)) == State::idle) {
            if (idle_.empty()) {
                idle_deadline_ = os::monotonic_ns() + idle_latency;
            }
            idle_.push(link);
        } else {
            // Also when it was cancelled: whoever schedules it again while it is on a list wakes nobody.
            batch_.push(link);
        }
    }
    if (count != 0) {
        published_count_.add(count);
    }
}

bool BottomHalfQueue::run(const Budget& budget) noexcept {
    if (!idle_.empty()) {
        batch_.prepend(idle_);
    }
    bool progress = false;
    while (auto* link = batch_.pop()) {
        progress = run_one(*node_of(link)) || progress;
        if (budget.is_used_up()) {
            break;
        }
    }
    return progress;
}

bool BottomHalfQueue::run_one(BottomHalfNode& node) noexcept {
    const State::Flags flags = node.state.dequeue();
    if ((flags & State::deleted) != 0) {
        dispose(&node);
        return false;
    }
    if ((flags & (State::scheduled | State::idle)) == 0) {
        return false;
    }
    run_count_.add(1);
    const bool is_post = node.is_post();
    {
        // The callback may destroy its own handle, and the node goes with the frame then.
        CallbackStack::Frame frame(stack_, &node, node.name);
        frame.call(node.callback);
    }
    if (is_post) {
        delete &node;
    }
    return (flags & State::scheduled) != 0;
}

void BottomHalfQueue::dispose(BottomHalfNode* node) {
    stack_.when_done(node, [node] { delete node; });
}

std::size_t BottomHalfQueue::drop_all() noexcept {
    std::size_t lost = 0;
    // Destroying a callback may publish more.
    for (;;) {
        accept(sync::EventSeen::no, sync::Ended::nothing);
        batch_.prepend(idle_);
        if (batch_.empty()) {
            return lost;
        }
        while (auto* link = batch_.pop()) {
            BottomHalfNode* node = node_of(link);
            if (node->is_post() && (node->state.dequeue() & State::deleted) == 0) {
                ++lost;
            }
            delete node;
        }
    }
}

}  // namespace nestling::loop
