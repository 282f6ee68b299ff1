// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/fd_handler.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

#include "fdmon/fd_monitor.hpp"
#include "loop/handle_registry.hpp"

namespace nestling::loop {

class ContextCore;

/// One registration of a descriptor. Never changed after it is made, but for its interest: other callbacks mean another
/// node (contracts B-20).
struct FdNode : HandleNode {
    struct Hooks {
        Callback<bool()> poll;
        Callback<void()> poll_ready;
    };

    FdNode(ContextCore& owner, int descriptor, const char* handle_name, FdCallbacks callbacks)
        : HandleNode(handle_name), core(&owner), fd(descriptor) {
        read = std::move(callbacks.read);
        write = std::move(callbacks.write);
        if (callbacks.poll && callbacks.poll_ready) {
            hooks = std::make_unique<Hooks>(Hooks{std::move(callbacks.poll), std::move(callbacks.poll_ready)});
        }
    }

    /// The events that some callback wants while `interest` holds. A hang-up goes to read, or to write when nobody
    /// reads: it is reported until somebody acts on it.
    [[nodiscard]] std::uint32_t events_for(Interest interest) const noexcept {
        const auto bits = static_cast<std::uint8_t>(interest);
        std::uint32_t events = fdmon::event_none;
        if (read && (bits & static_cast<std::uint8_t>(Interest::read)) != 0) {
            events |= fdmon::event_in;
        }
        if (write && (bits & static_cast<std::uint8_t>(Interest::write)) != 0) {
            events |= fdmon::event_out;
        }
        return events;
    }

    [[nodiscard]] fdmon::Registration registration() const noexcept { return registration_for(wanted()); }
    [[nodiscard]] fdmon::Registration registration_for(std::uint32_t events) const noexcept {
        return {{static_cast<std::uint32_t>(fd), generation}, events};
    }

    [[nodiscard]] std::uint32_t wanted() const noexcept {
        // RELAXED the table's mutex orders it for writers; for the home thread a stale mask only delays a mute.
        return wanted_events.load(std::memory_order_relaxed);
    }

    void want(std::uint32_t events) noexcept {
        // RELAXED as wanted().
        wanted_events.store(events, std::memory_order_relaxed);
    }

    [[nodiscard]] bool is_removed() const noexcept {
        // RELAXED a removal on another thread promises only that no callback starts once the home thread knows of it.
        return removed.load(std::memory_order_relaxed);
    }

    ContextCore* core;
    int fd;
    std::uint32_t generation = 0;
    std::atomic<std::uint32_t> wanted_events{fdmon::event_none};
    std::atomic<bool> removed{false};
    /// Under the table's mutex: the descriptor is known to have been closed.
    bool closed = false;
    /// RetiredList's.
    FdNode* next_retired = nullptr;

    // Home thread.
    bool poll_is_ready = false;
    bool in_poll_ready = false;
    bool is_queued = false;
    std::uint32_t revents = fdmon::event_none;
    FdNode* next_ready = nullptr;

    Callback<void()> read;
    Callback<void()> write;
    std::unique_ptr<Hooks> hooks;
    Callback<void()> on_removed;
};

}  // namespace nestling::loop
