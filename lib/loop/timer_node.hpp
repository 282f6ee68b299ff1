// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/timer.hpp>

#include <atomic>
#include <cstdint>
#include <utility>

#include "loop/pooled_node.hpp"

namespace nestling::loop {

/// What makes a ring of timers, through the list that they are on.
struct TimerLink {
    TimerLink* next = nullptr;
    TimerLink* previous = nullptr;
};

/// Fills one cache line, because a timer is found cold among many.
struct alignas(64) TimerNode : TimerLink, PooledNode {
    /// Where the node is linked. It may be in a slot although it is not armed, or armed for later.
    enum class Place : std::uint8_t {
        // Levels of a wheel are the numbers up to this.
        top_level = 10,
        nowhere,
        listed,   ///< on the list of what is due, or overdue
        wall,     ///< in the map of the wall clock
        removed,  ///< nowhere, and never armed again: its handle is gone
    };

    TimerNode(const char* handle_name, Callback<void()> function, Clock of) noexcept
        : slot_and_clock_(static_cast<std::uint8_t>(static_cast<unsigned>(of) << slot_bits)),
          name(handle_name),
          callback(std::move(function)) {}

    /// Any thread.
    [[nodiscard]] Clock clock() const noexcept {
        // RELAXED the clock never changes.
        return static_cast<Clock>(slot_and_clock_.load(std::memory_order_relaxed) >> slot_bits);
    }

    // Home thread.
    [[nodiscard]] bool is_armed() const noexcept { return deadline >= 0; }
    [[nodiscard]] bool is_in_slot() const noexcept { return place <= Place::top_level; }

    /// Of the level.
    [[nodiscard]] unsigned slot() const noexcept {
        // RELAXED only the home thread writes it.
        return slot_and_clock_.load(std::memory_order_relaxed) & slot_mask;
    }
    void put(Place level, unsigned slot) noexcept {
        place = level;
        // RELAXED other threads read only the clock, which stays.
        const unsigned before = slot_and_clock_.load(std::memory_order_relaxed);
        // RELAXED as above.
        slot_and_clock_.store(static_cast<std::uint8_t>((before & ~slot_mask) | slot), std::memory_order_relaxed);
    }

    Place place = Place::nowhere;

private:
    static constexpr unsigned slot_bits = 6;
    static constexpr unsigned slot_mask = (1U << slot_bits) - 1;
    /// In one byte, because there is no more room.
    std::atomic<std::uint8_t> slot_and_clock_;

public:
    /// Tells equals of one wheel apart: who was armed first has the lower one, or stands first in its slot.
    std::uint32_t turn = 0;
    /// Negative: not armed.
    std::int64_t deadline = -1;
    const char* name;
    Callback<void()> callback;
};
static_assert(sizeof(void*) != 8 || sizeof(TimerNode) == 64);

}  // namespace nestling::loop
