// SPDX-License-Identifier: MIT
#pragma once

#include <array>
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
class TimerWheel {
public:
    /// `time`: not later than any time that advance() will be given.
    explicit TimerWheel(std::int64_t time) noexcept : time_(time) {}

    [[nodiscard]] bool empty() const noexcept { return used_levels_ == 0 && overdue_.empty(); }

    /// May throw std::bad_alloc, and changes nothing then. `node` is armed nowhere.
    void insert(TimerNode& node, std::int64_t deadline);
    void erase(TimerNode& node) noexcept;

    /// Moves the wheel's time to `now`, and every timer with deadline <= now to the end of `due`, in order of deadline.
    void advance(std::int64_t now, TimerList& due) noexcept;

    /// Not later than the earliest deadline, and later than the wheel's time unless something is overdue; -1 if empty.
    /// Equal to it when few timers share a slot; else an early wake-up that moves them apart.
    [[nodiscard]] std::int64_t next_deadline() const noexcept;

private:
    static constexpr unsigned bits = 6;
    static constexpr unsigned slots = 1U << bits;
    static constexpr unsigned levels = 11;

    struct Level {
        std::uint64_t used = 0;
        std::array<TimerList, slots> lists;
    };

    struct Place {
        unsigned level;
        unsigned slot;
    };

    [[nodiscard]] Place place_of(std::int64_t deadline) const noexcept;
    [[nodiscard]] Place first_place() const noexcept;
    [[nodiscard]] std::int64_t start_of(Place place) const noexcept;
    void put(TimerNode& node) noexcept;
    void spread(TimerList& list, TimerList& due) noexcept;

    std::int64_t time_;
    std::uint32_t used_levels_ = 0;
    /// Armed for a time that the wheel has passed; in order of deadline.
    TimerList overdue_;
    /// Those up to the highest that was ever used: a timer moves only downwards, so nothing is allocated when time
    /// passes.
    std::array<std::unique_ptr<Level>, levels> level_;
};

}  // namespace nestling::loop
