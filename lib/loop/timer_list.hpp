// SPDX-License-Identifier: MIT
#pragma once

#include "loop/timer_node.hpp"

namespace nestling::loop {

/// Timers in the order in which they were added: a ring through the list itself, so that a timer leaves whatever list
/// it is on without asking which that is, and without a branch. O(1) but for what says otherwise.
class TimerList {
public:
    TimerList() noexcept { clear(); }
    TimerList(const TimerList&) = delete;
    TimerList& operator=(const TimerList&) = delete;
    ~TimerList() = default;

    [[nodiscard]] bool empty() const noexcept { return head_.next == &head_; }
    [[nodiscard]] TimerNode* first() const noexcept { return at(head_.next); }
    [[nodiscard]] TimerNode* last() const noexcept { return at(head_.previous); }
    /// The one behind `node`, or null.
    [[nodiscard]] TimerNode* after(const TimerNode& node) const noexcept { return at(node.next); }

    void push_back(TimerNode& node) noexcept { insert_before(head_, node); }

    /// After every timer whose deadline is not later. O(timers behind it).
    void insert_by_deadline(TimerNode& node) noexcept {
        TimerLink* after = &head_;
        while (after->previous != &head_ && at(after->previous)->deadline > node.deadline) {
            after = after->previous;
        }
        insert_before(*after, node);
    }

    /// Of any list.
    static void erase(TimerNode& node) noexcept {
        TimerLink& before = *node.previous;
        TimerLink& after = *node.next;
        before.next = &after;
        after.previous = &before;
    }

    TimerNode* pop_front() noexcept {
        TimerNode* node = first();
        if (node != nullptr) {
            erase(*node);
        }
        return node;
    }

    /// Calls `see(node)` for each in order, which may link it. None is on the list afterwards.
    template <class F>
    void take(F see) noexcept {
        TimerLink* link = head_.next;
        head_.previous->next = nullptr;
        clear();
        // Of an empty list the line above has set the end.
        while (link != nullptr && link != &head_) {
            TimerNode& node = static_cast<TimerNode&>(*link);
            link = link->next;
            see(node);
        }
    }

    /// Moves all of `other` to the end of this one.
    void splice(TimerList& other) noexcept {
        if (other.empty()) {
            return;
        }
        TimerLink& first = *other.head_.next;
        TimerLink& last = *other.head_.previous;
        first.previous = head_.previous;
        head_.previous->next = &first;
        last.next = &head_;
        head_.previous = &last;
        other.clear();
    }

private:
    [[nodiscard]] TimerNode* at(TimerLink* link) const noexcept {
        return link == &head_ ? nullptr : static_cast<TimerNode*>(link);
    }
    void clear() noexcept { head_.next = head_.previous = &head_; }
    static void insert_before(TimerLink& after, TimerNode& node) noexcept {
        TimerLink& before = *after.previous;
        node.previous = &before;
        before.next = &node;
        node.next = &after;
        after.previous = &node;
    }

    TimerLink head_;
};

}  // namespace nestling::loop
