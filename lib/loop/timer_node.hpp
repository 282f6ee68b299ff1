// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/timer.hpp>

#include <atomic>
#include <cstdint>
#include <utility>

#include "loop/pooled_node.hpp"

namespace nestling::loop {

struct TimerNode : PooledNode {
    /// Where an armed timer is kept.
    enum class Place : std::uint8_t { nowhere, wheel, overdue, wall, due };

    TimerNode(const char* handle_name, Callback<void()> function, Clock of) noexcept
        : clock(of), name(handle_name), callback(std::move(function)) {}

    // Home thread.
    Clock clock;
    Place place = Place::nowhere;
    std::uint16_t slot = 0;
    bool is_dead = false;
    /// Changes asked for by other threads and not yet carried out: they hold the node.
    std::atomic<std::uint32_t> requests{0};
    std::int64_t deadline = -1;
    TimerNode* next = nullptr;
    TimerNode* previous = nullptr;
    /// RetiredList's.
    TimerNode* next_retired = nullptr;
    const char* name;
    Callback<void()> callback;
    Callback<void()> on_removed;
};

}  // namespace nestling::loop
