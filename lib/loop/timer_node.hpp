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
    /// Where the timer is kept.
    enum class Place : std::uint8_t {
        nowhere,
        queued,   ///< on some TimerList: of a wheel, or of what is due
        wall,     ///< in the map of the wall clock
        removed,  ///< nowhere, and never armed again: its handle is gone
    };

    TimerNode(const char* handle_name, Callback<void()> function, Clock of) noexcept
        : clock(of), name(handle_name), callback(std::move(function)) {}

    // Home thread.
    const Clock clock;
    Place place = Place::nowhere;

    // Any thread.
    void begin_request() noexcept {
        // RELAXED the post that follows carries it to the home thread, and only that one reads it.
        requests.fetch_add(1, std::memory_order_relaxed);
    }
    /// True if nothing needs the node any more.
    [[nodiscard]] bool end_request() noexcept {
        // RELAXED requests of other threads are made before the handle goes, and its removal carries them home.
        return requests.fetch_sub(1, std::memory_order_relaxed) == (ended | 1U);
    }
    /// Home thread, once: neither the handle nor a callback needs the node any more. True if no request does.
    [[nodiscard]] bool end() noexcept {
        // RELAXED as end_request().
        return requests.fetch_or(ended, std::memory_order_relaxed) == 0;
    }

    static constexpr std::uint32_t ended = std::uint32_t{1} << 31;
    /// Changes asked for by other threads and not yet carried out: they hold the node. And whether only they do.
    std::atomic<std::uint32_t> requests{0};
    std::int64_t deadline = -1;
    const char* name;
    Callback<void()> callback;
};
static_assert(sizeof(TimerNode) == 64);

}  // namespace nestling::loop
