// SPDX-License-Identifier: MIT
#include "loop/timer_wheel.hpp"

namespace nestling::loop {

void TimerWheel::insert_elsewhere(TimerNode& node, std::int64_t deadline) {
    if (deadline <= time_) {
        node.deadline = std::max<std::int64_t>(deadline, 0);
        overdue_.insert_by_deadline(node);
        node.place = TimerNode::Place::queued;
        return;
    }
    // Before the node changes, so that running out of memory leaves it as it was; from the lowest upwards, so that no
    // level is ever missing below another.
    const unsigned top = level_of(deadline);
    for (unsigned level = 0; level <= top; ++level) {
        if (level_[level] == nullptr) {
            level_[level] = std::make_unique<Level>();
        }
    }
    node.deadline = deadline;
    put(node, top);
}

bool TimerWheel::find_first() const noexcept {
    while (used_levels_ != 0) {
        const int index = std::countr_zero(used_levels_);
        Level& level = *level_[static_cast<std::size_t>(index)];
        while (level.used != 0) {
            const int slot = std::countr_zero(level.used);
            if (!level.lists[static_cast<std::size_t>(slot)].empty()) {
                first_ = {static_cast<std::uint8_t>(index), static_cast<std::uint8_t>(slot)};
                return true;
            }
            level.used &= level.used - 1;
        }
        used_levels_ &= used_levels_ - 1;
    }
    return false;
}

std::int64_t TimerWheel::start_of(Place place) const noexcept {
    const unsigned shift = place.level * bits;
    const unsigned above = shift + bits;
    const std::uint64_t prefix = above >= 64 ? 0 : to_bits(time_) >> above << above;
    return static_cast<std::int64_t>(prefix | static_cast<std::uint64_t>(place.slot) << shift);
}

void TimerWheel::advance(std::int64_t now, TimerList& due) noexcept {
    due.splice(overdue_);
    while (find_first()) {
        const std::int64_t start = start_of(first_);
        if (start > now) {
            break;
        }
        time_ = start;
        Level& level = *level_[first_.level];
        level.used &= level.used - 1;
        spread(level.lists[first_.slot], now, due);
    }
    time_ = std::max(time_, now);
}

void TimerWheel::spread(TimerList& list, std::int64_t now, TimerList& due) noexcept {
    // Few timers are sorted faster by comparing them than by moving them down level by level.
    constexpr int few = 8;
    const std::int64_t sorted_until = list.has_more_than(few) ? time_ : now;
    const TimerNode* const start = due.last();
    while (TimerNode* node = list.pop_front()) {
        if (node->deadline <= sorted_until) {
            due.insert_by_deadline(*node, start);
        } else {
            put(*node, level_of(node->deadline));
        }
    }
}

std::int64_t TimerWheel::find_next_deadline() const noexcept {
    if (!overdue_.empty()) {
        return overdue_.first()->deadline;
    }
    constexpr int worth_a_look = 16;
    const TimerList& list = level_[first_.level]->lists[first_.slot];
    const TimerNode* node = list.first();
    std::int64_t earliest = node->deadline;
    for (int count = 1; (node = list.after(*node)) != nullptr; ++count) {
        if (count == worth_a_look) {
            return start_of(first_);
        }
        earliest = std::min(earliest, node->deadline);
    }
    return earliest;
}

}  // namespace nestling::loop
