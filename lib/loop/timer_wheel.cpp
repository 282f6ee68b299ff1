// SPDX-License-Identifier: MIT
#include "loop/timer_wheel.hpp"

#include "loop/timer_runs.hpp"

namespace nestling::loop {

namespace {

struct FiresBefore {
    bool operator()(const TimerNode& a, const TimerNode& b) const noexcept {
        return a.deadline != b.deadline ? a.deadline < b.deadline : a.turn < b.turn;
    }
};

}  // namespace

void TimerWheel::insert_elsewhere(TimerNode& node, std::int64_t deadline) {
    if (deadline <= time_) {
        unlink(node);
        node.deadline = std::max<std::int64_t>(deadline, 0);
        overdue_.insert_by_deadline(node);
        node.place = TimerNode::Place::listed;
        return;
    }
    // Before the node changes, so that running out of memory leaves it as it was.
    if (deadline > reach_) {
        reach(deadline);
    }
    if (turns_ == last_turn) {
        renumber();
    }
    unlink(node);
    put(node, deadline);
    set_armed(node, deadline);
}

void TimerWheel::reach(std::int64_t deadline) {
    // From the lowest upwards, so that no level is ever missing below another.
    const unsigned top = level_of(deadline);
    for (unsigned level = 0; level <= top; ++level) {
        if (level_[level] == nullptr) {
            level_[level] = std::make_unique<Level>();
        }
    }
    update_reach();
}

void TimerWheel::update_reach() noexcept {
    const auto count = static_cast<unsigned>(std::find(level_.begin(), level_.end(), nullptr) - level_.begin());
    const unsigned most = std::min(count * bits, 63U);
    reach_ = static_cast<std::int64_t>(to_bits(time_) | ((std::uint64_t{1} << most) - 1));
}

bool TimerWheel::find_first() noexcept {
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

void TimerWheel::advance(std::int64_t now, TimerList& due) noexcept {
    due.splice(overdue_);
    while (find_first()) {
        const std::int64_t start = start_of(first_);
        if (start > now) {
            break;
        }
        time_ = start;
        level_[first_.level]->used &= level_[first_.level]->used - 1;
        spread(first_, now, due);
    }
    time_ = std::max(time_, now);
    if (time_ > reach_) {
        update_reach();
    }
}

void TimerWheel::spread(Slot slot, std::int64_t now, TimerList& due) noexcept {
    const std::int64_t due_until = std::min(now, end_of(slot));
    TimerRuns<FiresBefore> runs;
    list_of(slot).take([&](TimerNode& node) {
        if (!node.is_armed()) {
            node.place = TimerNode::Place::nowhere;
        } else if (node.deadline <= due_until) {
            node.place = TimerNode::Place::listed;
            runs.add(node);
        } else {
            put(node, node.deadline);
        }
    });
    runs.take([&due](TimerNode& node) { due.push_back(node); });
}

std::int64_t TimerWheel::find_next_deadline() noexcept {
    if (!overdue_.empty()) {
        return overdue_.first()->deadline;
    }
    constexpr int worth_a_look = 16;
    int count = 0;
    std::int64_t earliest = -1;
    while (count == 0 && find_first()) {
        const TimerList& list = list_of(first_);
        const std::int64_t end = end_of(first_);
        earliest = end;
        for (TimerNode* node = list.first(); node != nullptr;) {
            TimerNode& seen = *node;
            node = list.after(seen);
            if (!seen.is_armed()) {
                unlink(seen);
            } else if (seen.deadline > end) {
                TimerList::erase(seen);
                put(seen, seen.deadline);
            } else if (++count == worth_a_look) {
                return start_of(first_);
            } else {
                earliest = std::min(earliest, seen.deadline);
            }
        }
    }
    return count == 0 ? -1 : earliest;
}

}  // namespace nestling::loop
