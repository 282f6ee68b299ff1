// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/timer.hpp>

#include <atomic>
#include <cstdint>
#include <utility>

#include "loop/handle_registry.hpp"

namespace nestling::loop {

class ContextCore;

struct TimerNode : HandleNode {
    /// Where an armed timer is kept.
    enum class Place : std::uint8_t { nowhere, wheel, overdue, wall, due };

    TimerNode(ContextCore& owner, const char* handle_name, Callback<void()> function, Clock of) noexcept
        : HandleNode(handle_name), clock(of), core(&owner), callback(std::move(function)) {}

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
    ContextCore* core;
    Callback<void()> callback;
    Callback<void()> on_removed;
};

}  // namespace nestling::loop
