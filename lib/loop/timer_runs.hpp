// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>

#include "loop/timer_list.hpp"

namespace nestling::loop {

/// Sorts timers that are on no list, in their links alone: a merge sort of the runs that they come in. Those that are
/// equal keep their order. O(n log n), and O(n) if they come in order. `Before(a, b)`: a must come before b.
template <class Before>
class TimerRuns {
public:
    void add(TimerNode& node) noexcept {
        if (first_ == nullptr) {
            first_ = &node;
        } else if (Before()(node, *last_)) {
            last_->next = nullptr;
            keep(first_);
            first_ = &node;
        } else {
            last_->next = &node;
        }
        last_ = &node;
    }

    /// Calls `see(node)` for each in order, which may link it. There are none afterwards.
    template <class F>
    void take(F see) noexcept {
        if (first_ == nullptr) {
            return;
        }
        last_->next = nullptr;
        TimerLink* sorted = first_;
        for (std::size_t index = 0; index != count_; ++index) {
            sorted = merge(kept_[index], sorted);
        }
        first_ = nullptr;
        count_ = 0;
        while (sorted != nullptr) {
            TimerNode& node = at(sorted);
            sorted = sorted->next;
            see(node);
        }
    }

private:
    static TimerNode& at(TimerLink* link) noexcept { return *static_cast<TimerNode*>(link); }

    /// Of what came earlier, and what came later.
    static TimerLink* merge(TimerLink* earlier, TimerLink* later) noexcept {
        TimerLink head;
        TimerLink* end = &head;
        while (earlier != nullptr && later != nullptr) {
            TimerLink*& next = Before()(at(later), at(earlier)) ? later : earlier;
            end->next = next;
            end = next;
            next = next->next;
        }
        end->next = earlier == nullptr ? later : earlier;
        return head.next;
    }

    /// As a binary counter adds one: so that what is merged is of similar length.
    void keep(TimerLink* run) noexcept {
        std::size_t index = 0;
        while (index != count_ && kept_[index] != nullptr) {
            run = merge(kept_[index], run);
            kept_[index++] = nullptr;
        }
        if (index == count_) {
            ++count_;
        }
        kept_[index] = run;
    }

    TimerNode* first_ = nullptr;
    TimerNode* last_ = nullptr;
    std::size_t count_ = 0;
    /// At index k nothing, or 2^k runs; those at higher ones came earlier. The first `count_` are set.
    std::array<TimerLink*, 64> kept_;
};

}  // namespace nestling::loop
