// SPDX-License-Identifier: MIT
#include "loop/bottom_half_queue.hpp"

#include "loop/node_pool.hpp"
#include "os/clock.hpp"

namespace nestling::loop {

namespace {
using State = sync::BottomHalfState<>;
constexpr std::int64_t idle_latency = 10'000'000;

void free_node(BottomHalfNode& node) noexcept {
    if (node.is_pooled()) {
        NodePool<BottomHalfNode>::destroy(node);
    } else {
        delete &node;
    }
}
}  // namespace

void BottomHalfQueue::accept(sync::EventSeen seen, sync::Ended ended) noexcept {
    const bool had_idle = list_.has_idle();
    if (const std::size_t count = list_.accept(event_, seen, ended); count != 0) {
        published_count_.add(count);
    }
    if (!had_idle && list_.has_idle()) {
        idle_deadline_ = os::monotonic_ns() + idle_latency;
    }
}

bool BottomHalfQueue::run(const Budget& budget) noexcept {
    list_.begin_round();
    bool progress = false;
    while (BottomHalfNode* node = list_.next()) {
        progress = run_one(*node) || progress;
        if (budget.is_used_up()) {
            break;
        }
    }
    return progress;
}

bool BottomHalfQueue::run_one(BottomHalfNode& node) noexcept {
    if ((node.state.look() & (State::post | State::request)) != 0) {
        run_post(node);
        return true;
    }
    const State::Flags flags = node.state.dequeue();
    if ((flags & State::deleted) == 0 && (flags & (State::scheduled | State::idle)) != 0) {
        run_count_.add(1);
        // The callback may destroy its own handle, and the node goes with the frame then.
        CallbackStack::Frame frame(stack_, &node, node.name);
        frame.call(node.callback);
        return (flags & State::scheduled) != 0;
    }
    if ((flags & State::deleted) != 0) {
        dispose(&node);
    }
    return false;
}

void BottomHalfQueue::run_post(BottomHalfNode& node) noexcept {
    run_count_.add(1);
    {
        CallbackStack::Frame frame(stack_, &node, node.name);
        frame.call(node.callback);
        node.callback.reset();
    }
    if ((node.state.look() & State::post) != 0 && spare_count_ != most_spares) {
        node.next.store(spares_);
        spares_ = &node;
        ++spare_count_;
    } else {
        delete &node;
    }
}

BottomHalfQueue::~BottomHalfQueue() {
    while (BottomHalfNode* node = take_spare()) {
        delete node;
    }
}

void BottomHalfQueue::dispose(BottomHalfNode* node) {
    stack_.when_done(node, [node] { free_node(*node); });
}

std::size_t BottomHalfQueue::drop_all() noexcept {
    std::size_t lost = 0;
    // Destroying a callback may publish more.
    for (;;) {
        accept(sync::EventSeen::no, sync::Ended::nothing);
        list_.begin_round();
        BottomHalfNode* node = list_.next();
        if (node == nullptr) {
            return lost;
        }
        const State::Flags flags = node->state.dequeue();
        if ((flags & (State::post | State::request | State::deleted)) == 0) {
            continue;
        }
        lost += (flags & State::post) != 0 ? 1 : 0;
        free_node(*node);
    }
}

}  // namespace nestling::loop
