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

/// What arming and cancelling touch comes first: it is one cache line, or two, and finds the timer cold among many.
struct TimerNode : TimerLink, PooledNode {
    /// Where an armed timer is kept.
    enum class Place : std::uint8_t {
        nowhere,
        queued,  ///< on some TimerList: of a wheel, or of what is due
        wall,    ///< in the map of the wall clock
    };

    TimerNode(const char* handle_name, Callback<void()> function, Clock of) noexcept
        : clock(of), name(handle_name), callback(std::move(function)) {}

    // Home thread.
    const Clock clock;
    Place place = Place::nowhere;
    bool is_dead = false;
    /// Changes asked for by other threads and not yet carried out: they hold the node.
    std::atomic<std::uint32_t> requests{0};
    std::int64_t deadline = -1;
    const char* name;
    /// RetiredList's.
    TimerNode* next_retired = nullptr;
    Callback<void()> callback;
    Callback<void()> on_removed;
};

}  // namespace nestling::loop
