// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "loop/timer_list.hpp"

namespace nestling::loop {

/// Timers by deadline, to the nanosecond, for a clock that never goes back.
///
/// A hierarchical timing wheel (Varghese and Lauck, 1987) used as a radix heap (Ahuja, Mehlhorn, Orlin, Tarjan, 1990):
/// level k has a slot for each value of the k-th group of six bits, and a timer stands on the level of the highest
/// group in which its deadline differs from the wheel's time. When the wheel's time enters a slot, its timers move to
/// lower levels, or are due; at level 0 a slot is a single nanosecond. Arming and cancelling are O(1), firing is
/// O(levels) amortised and the sorting of those that are due in one slot.
///
/// Most timers never fire: they are cancelled, or armed again for later. So a timer stays linked in its slot when it is
/// cancelled, and when it is armed for any time that is not before the slot. Whoever looks at the slot puts it where it
/// belongs. This touches no other timer, and is done at most once for each time that it was put off. Equals are told
/// apart by the number of their arming, because the lists do not keep that order.
///
/// A slot stays marked as used until somebody looks at it and finds it empty: each mark is made by one timer and taken
/// back once, so that looking stays O(1) amortised.
class TimerWheel {
public:
    /// `time`: not later than any time that advance() will be given. `turns`: how many armings there have been.
    explicit TimerWheel(std::int64_t time, std::uint32_t turns = 0) noexcept : time_(time), turns_(turns) {}

    /// No timer is armed. O(1) amortised.
    [[nodiscard]] bool empty() noexcept { return next_deadline() < 0; }
    /// The same at once, but false also when all were cancelled and nobody has looked since.
    [[nodiscard]] bool is_clear() const noexcept { return used_levels_ == 0 && overdue_.empty(); }

    /// May throw std::bad_alloc, and changes nothing then. `node` is in a slot of this wheel, or nowhere.
    void insert(TimerNode& node, std::int64_t deadline) {
        if (!insert_in_place(node, deadline)) {
            insert_elsewhere(node, deadline);
        }
    }
    /// The same for a node that may stay where it is. Else it does nothing and says so.
    [[nodiscard]] bool insert_in_place(TimerNode& node, std::int64_t deadline) noexcept {
        if (!node.is_in_slot() || deadline < level_[index_of(node.place)]->starts[node.slot()] || deadline > reach_ ||
            turns_ == last_turn) {
            return false;
        }
        set_armed(node, deadline);
        return true;
    }
    /// `node` is not in the map of the wall clock. It may stay linked in a slot.
    static void cancel(TimerNode& node) noexcept {
        if (node.place == TimerNode::Place::listed) {
            TimerList::erase(node);
            node.place = TimerNode::Place::nowhere;
        }
        node.deadline = -1;
    }
    /// `node` is not armed, and in no slot afterwards.
    static void unlink(TimerNode& node) noexcept {
        if (node.is_in_slot()) {
            TimerList::erase(node);
            node.place = TimerNode::Place::nowhere;
        }
    }

    /// Moves the wheel's time to `now`, and every timer with deadline <= now to the end of `due`, in order of deadline.
    void advance(std::int64_t now, TimerList& due) noexcept;

    /// Not later than the earliest deadline, and later than the wheel's time unless something is overdue; -1 if empty.
    /// Equal to it when few timers share a slot; else an early wake-up that moves them apart.
    [[nodiscard]] std::int64_t next_deadline() noexcept { return is_clear() ? -1 : find_next_deadline(); }

private:
    static constexpr unsigned bits = 6;
    static constexpr unsigned slots = 1U << bits;
    static constexpr unsigned levels = 11;

    struct Level {
        /// A bit for each slot that is marked as used.
        std::uint64_t used = 0;
        std::array<TimerList, slots> lists;
        /// The first time that belongs to a slot, if any timer is there.
        std::array<std::int64_t, slots> starts{};
    };

    struct Slot {
        std::uint8_t level;
        std::uint8_t index;
    };

    static std::uint64_t to_bits(std::int64_t time) noexcept { return static_cast<std::uint64_t>(time); }

    static std::size_t index_of(TimerNode::Place level) noexcept { return static_cast<std::size_t>(level); }

    /// Of a time later than the wheel's.
    [[nodiscard]] unsigned level_of(std::int64_t deadline) const noexcept {
        // The lowest bit changes no level, and spares the question whether there is any.
        const std::uint64_t difference = (to_bits(deadline) ^ to_bits(time_)) | 1;
        return (63U - static_cast<unsigned>(std::countl_zero(difference))) / bits;
    }
    [[nodiscard]] std::int64_t start_of(Slot slot) const noexcept {
        const unsigned shift = slot.level * bits;
        const std::uint64_t above = to_bits(time_) >> shift >> bits << bits;
        return static_cast<std::int64_t>((above | slot.index) << shift);
    }
    /// The last time that belongs to the slot.
    [[nodiscard]] std::int64_t end_of(Slot slot) const noexcept {
        return static_cast<std::int64_t>(to_bits(start_of(slot)) | ((std::uint64_t{1} << (slot.level * bits)) - 1));
    }
    [[nodiscard]] TimerList& list_of(Slot slot) const noexcept { return level_[slot.level]->lists[slot.index]; }

    /// Links `node` where a timer of that deadline belongs.
    void put(TimerNode& node, std::int64_t deadline) noexcept {
        const unsigned index = level_of(deadline);
        const unsigned shift = index * bits;
        const unsigned slot = static_cast<unsigned>(to_bits(deadline) >> shift) % slots;
        Level& level = *level_[index];
        TimerList& list = level.lists[slot];
        if (list.empty()) {
            level.used |= std::uint64_t{1} << slot;
            level.starts[slot] = static_cast<std::int64_t>(to_bits(deadline) >> shift << shift);
            used_levels_ |= 1U << index;
        }
        list.push_back(node);
        node.put(static_cast<TimerNode::Place>(index), slot);
    }

    void set_armed(TimerNode& node, std::int64_t deadline) noexcept {
        node.deadline = deadline;
        node.turn = ++turns_;
    }

    void insert_elsewhere(TimerNode& node, std::int64_t deadline);
    /// Makes the levels up to that of a later time than the wheel's. May throw std::bad_alloc.
    void reach(std::int64_t deadline);
    /// To the end of what the levels that exist can tell from the wheel's time.
    void update_reach() noexcept;
    /// The first slot that has timers, into `first_`. Forgets the marks of empty ones before it.
    bool find_first() noexcept;
    [[nodiscard]] std::int64_t find_next_deadline() noexcept;
    /// Empties the slot that the wheel's time has entered.
    void spread(Slot slot, std::int64_t now, TimerList& due) noexcept;
    /// Lets the lists tell which of equals was armed first, so that the numbers may begin anew. O(n log n).
    void renumber() noexcept;

    static constexpr std::uint32_t last_turn = ~std::uint32_t{0};

    std::int64_t time_;
    /// The last time whose level exists, or an earlier one.
    std::int64_t reach_ = -1;
    std::uint32_t turns_;
    std::uint32_t used_levels_ = 0;
    Slot first_{0, 0};
    /// Those up to the highest that was ever used: a timer moves only downwards, so nothing is allocated when time
    /// passes.
    std::array<std::unique_ptr<Level>, levels> level_;
    /// Armed for a time that the wheel has passed; in order of deadline.
    TimerList overdue_;
};

}  // namespace nestling::loop
