// SPDX-License-Identifier: MIT
#pragma once

#include "loop/timer_node.hpp"

namespace nestling::loop {

/// A ring of timers in the order in which they were added. O(1) throughout.
class TimerList {
public:
    [[nodiscard]] bool empty() const noexcept { return first_ == nullptr; }
    [[nodiscard]] TimerNode* first() const noexcept { return first_; }
    [[nodiscard]] TimerNode* last() const noexcept { return first_ == nullptr ? nullptr : first_->previous; }

    void push_back(TimerNode& node) noexcept {
        if (first_ == nullptr) {
            node.next = node.previous = &node;
            first_ = &node;
            return;
        }
        insert_before(*first_, node);
    }

    /// After every timer whose deadline is not later. O(timers behind it).
    void insert_by_deadline(TimerNode& node) noexcept {
        TimerNode* after = last();
        if (after == nullptr || after->deadline <= node.deadline) {
            push_back(node);
            return;
        }
        while (after != first_ && after->previous->deadline > node.deadline) {
            after = after->previous;
        }
        insert_before(*after, node);
        if (after == first_) {
            first_ = &node;
        }
    }

    void erase(TimerNode& node) noexcept {
        if (node.next == &node) {
            first_ = nullptr;
        } else {
            node.previous->next = node.next;
            node.next->previous = node.previous;
            if (first_ == &node) {
                first_ = node.next;
            }
        }
        node.next = node.previous = nullptr;
    }

    TimerNode* pop_front() noexcept {
        TimerNode* node = first_;
        if (node != nullptr) {
            erase(*node);
        }
        return node;
    }

private:
    static void insert_before(TimerNode& after, TimerNode& node) noexcept {
        node.next = &after;
        node.previous = after.previous;
        after.previous->next = &node;
        after.previous = &node;
    }

    TimerNode* first_ = nullptr;
};

}  // namespace nestling::loop
