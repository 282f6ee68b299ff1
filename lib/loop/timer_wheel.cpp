// SPDX-License-Identifier: MIT
#include "loop/timer_wheel.hpp"

#include <algorithm>
#include <bit>

namespace nestling::loop {

namespace {
std::uint64_t to_bits(std::int64_t time) noexcept {
    return static_cast<std::uint64_t>(time);
}
}  // namespace

TimerWheel::Place TimerWheel::place_of(std::int64_t deadline) const noexcept {
    const std::uint64_t difference = to_bits(deadline) ^ to_bits(time_);
    const unsigned level = (63U - static_cast<unsigned>(std::countl_zero(difference))) / bits;
    return {level, static_cast<unsigned>(to_bits(deadline) >> (level * bits)) & (slots - 1)};
}

TimerWheel::Place TimerWheel::first_place() const noexcept {
    const auto level = static_cast<unsigned>(std::countr_zero(used_levels_));
    return {level, static_cast<unsigned>(std::countr_zero(level_[level]->used))};
}

std::int64_t TimerWheel::start_of(Place place) const noexcept {
    const unsigned shift = place.level * bits;
    const unsigned above = shift + bits;
    const std::uint64_t prefix = above >= 64 ? 0 : to_bits(time_) >> above << above;
    return static_cast<std::int64_t>(prefix | static_cast<std::uint64_t>(place.slot) << shift);
}

void TimerWheel::insert(TimerNode& node, std::int64_t deadline) {
    const std::int64_t at = std::max<std::int64_t>(deadline, 0);
    if (at > time_) {
        // Before the node changes, so that running out of memory leaves it as it was; from the lowest upwards, so that
        // no level is ever missing below another.
        const unsigned top = place_of(at).level;
        unsigned missing = top + 1;
        while (missing > 0 && level_[missing - 1] == nullptr) {
            --missing;
        }
        for (; missing <= top; ++missing) {
            level_[missing] = std::make_unique<Level>();
        }
    }
    node.deadline = at;
    put(node);
}

void TimerWheel::put(TimerNode& node) noexcept {
    if (node.deadline <= time_) {
        node.place = TimerNode::Place::overdue;
        overdue_.insert_by_deadline(node);
        return;
    }
    const Place place = place_of(node.deadline);
    Level& level = *level_[place.level];
    level.lists[place.slot].push_back(node);
    level.used |= std::uint64_t{1} << place.slot;
    used_levels_ |= 1U << place.level;
    node.place = TimerNode::Place::wheel;
    node.slot = static_cast<std::uint16_t>(place.level * slots + place.slot);
}

void TimerWheel::erase(TimerNode& node) noexcept {
    if (node.place == TimerNode::Place::overdue) {
        overdue_.erase(node);
    } else {
        const unsigned at = node.slot / slots;
        const unsigned slot = node.slot % slots;
        Level& level = *level_[at];
        level.lists[slot].erase(node);
        if (level.lists[slot].empty()) {
            level.used &= ~(std::uint64_t{1} << slot);
            if (level.used == 0) {
                used_levels_ &= ~(1U << at);
            }
        }
    }
    node.place = TimerNode::Place::nowhere;
}

void TimerWheel::advance(std::int64_t now, TimerList& due) noexcept {
    while (TimerNode* node = overdue_.pop_front()) {
        node->place = TimerNode::Place::due;
        due.push_back(*node);
    }
    while (used_levels_ != 0) {
        const Place place = first_place();
        const std::int64_t start = start_of(place);
        if (start > now) {
            break;
        }
        time_ = start;
        Level& level = *level_[place.level];
        TimerList list = level.lists[place.slot];
        level.lists[place.slot] = TimerList();
        level.used &= ~(std::uint64_t{1} << place.slot);
        if (level.used == 0) {
            used_levels_ &= ~(1U << place.level);
        }
        spread(list, due);
    }
    time_ = std::max(time_, now);
}

void TimerWheel::spread(TimerList& list, TimerList& due) noexcept {
    while (TimerNode* node = list.pop_front()) {
        if (node->deadline <= time_) {
            node->place = TimerNode::Place::due;
            due.push_back(*node);
        } else {
            put(*node);
        }
    }
}

std::int64_t TimerWheel::next_deadline() const noexcept {
    if (!overdue_.empty()) {
        return overdue_.first()->deadline;
    }
    if (used_levels_ == 0) {
        return -1;
    }
    constexpr int worth_a_look = 16;
    const Place place = first_place();
    const TimerList& list = level_[place.level]->lists[place.slot];
    const TimerNode* node = list.first();
    std::int64_t earliest = node->deadline;
    for (int count = 1; node->next != list.first(); ++count) {
        if (count == worth_a_look) {
            return start_of(place);
        }
        node = node->next;
        earliest = std::min(earliest, node->deadline);
    }
    return earliest;
}

}  // namespace nestling::loop
