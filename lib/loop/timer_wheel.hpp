// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <memory>

#include "loop/timer_list.hpp"

namespace nestling::loop {

/// Timers by deadline, to the nanosecond, for a clock that never goes back.
///
/// A hierarchical timing wheel (Varghese and Lauck, 1987) used as a radix heap (Ahuja, Mehlhorn, Orlin, Tarjan, 1990):
/// level k has a slot for each value of the k-th group of six bits, and a timer stands on the level of the highest
/// group in which its deadline differs from the wheel's time. When the wheel's time enters a slot, its timers move to
/// lower levels; at level 0 a slot is a single nanosecond. Arming and cancelling are O(1), firing is O(levels)
/// amortised, and timers of equal deadline keep their order because they always share a slot.
///
/// Cancelling only takes the timer out of its list. The slot stays marked as used until somebody looks at it: each mark
/// is made by one arming and taken back once, so that looking stays O(1) amortised.
class TimerWheel {
public:
    /// `time`: not later than any time that advance() will be given.
    explicit TimerWheel(std::int64_t time) noexcept : time_(time) {}

    [[nodiscard]] bool empty() const noexcept { return overdue_.empty() && (used_levels_ == 0 || !find_first()); }

    /// May throw std::bad_alloc, and changes nothing then. `node` is armed nowhere.
    void insert(TimerNode& node, std::int64_t deadline) {
        if (!insert_ahead(node, deadline)) {
            insert_elsewhere(node, deadline);
        }
    }
    /// The same, but does nothing and says so when that takes more than linking the timer.
    [[nodiscard]] bool insert_ahead(TimerNode& node, std::int64_t deadline) noexcept {
        if (deadline <= time_) {
            return false;
        }
        const unsigned level = level_of(deadline);
        if (level_[level] == nullptr) {
            return false;
        }
        node.deadline = deadline;
        put(node, level);
        return true;
    }
    static void erase(TimerNode& node) noexcept {
        TimerList::erase(node);
        node.place = TimerNode::Place::nowhere;
    }

    /// Moves the wheel's time to `now`, and every timer with deadline <= now to the end of `due`, in order of deadline.
    void advance(std::int64_t now, TimerList& due) noexcept;

    /// Not later than the earliest deadline, and later than the wheel's time unless something is overdue; -1 if empty.
    /// Equal to it when few timers share a slot; else an early wake-up that moves them apart.
    [[nodiscard]] std::int64_t next_deadline() const noexcept { return empty() ? -1 : find_next_deadline(); }

private:
    static constexpr unsigned bits = 6;
    static constexpr unsigned slots = 1U << bits;
    static constexpr unsigned levels = 11;

    struct Level {
        /// A bit for each slot that is marked as used.
        std::uint64_t used = 0;
        std::array<TimerList, slots> lists;
    };

    struct Place {
        std::uint8_t level;
        std::uint8_t slot;
    };

    static std::uint64_t to_bits(std::int64_t time) noexcept { return static_cast<std::uint64_t>(time); }

    /// Of a time later than the wheel's.
    [[nodiscard]] unsigned level_of(std::int64_t deadline) const noexcept {
        // The lowest bit changes no level, and spares the question whether there is any.
        const std::uint64_t difference = (to_bits(deadline) ^ to_bits(time_)) | 1;
        return (63U - static_cast<unsigned>(std::countl_zero(difference))) / bits;
    }

    void put(TimerNode& node, unsigned level) noexcept {
        const std::uint64_t slot = (to_bits(node.deadline) >> (level * bits)) % slots;
        TimerList& list = level_[level]->lists[slot];
        if (list.empty()) {
            level_[level]->used |= std::uint64_t{1} << slot;
            used_levels_ |= 1U << level;
        }
        list.push_back(node);
        node.place = TimerNode::Place::queued;
    }

    /// Overdue, or further ahead than ever before.
    void insert_elsewhere(TimerNode& node, std::int64_t deadline);
    /// The first slot that has timers, into `first_`. Forgets the marks of empty ones before it.
    bool find_first() const noexcept;
    /// Of one that is not empty, and whose first slot was found unless something is overdue.
    [[nodiscard]] std::int64_t find_next_deadline() const noexcept;
    [[nodiscard]] std::int64_t start_of(Place place) const noexcept;
    void spread(TimerList& list, std::int64_t now, TimerList& due) noexcept;

    std::int64_t time_;
    // What looking at the wheel brings up to date.
    mutable std::uint32_t used_levels_ = 0;
    mutable Place first_{0, 0};
    /// Those up to the highest that was ever used: a timer moves only downwards, so nothing is allocated when time
    /// passes.
    std::array<std::unique_ptr<Level>, levels> level_;
    /// Armed for a time that the wheel has passed; in order of deadline.
    TimerList overdue_;
};

}  // namespace nestling::loop
