// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/fd_handler.hpp>
#include <nestling/handler_class.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

#include "fdmon/fd_monitor.hpp"
#include "loop/pooled_node.hpp"

namespace nestling::loop {

/// One registration of a descriptor. Never changed after it is made, but for its interest: other callbacks mean another
/// node (contracts B-20). Fills one cache line, because a ready descriptor among many finds it cold.
struct alignas(64) FdNode : PooledNode {
    /// What few handlers need.
    struct Extras {
        Callback<void()> write;
        Callback<bool()> poll;
        Callback<void()> poll_ready;
        Callback<void()> on_removed;
    };

    /// Null if `callbacks` need none.
    static std::unique_ptr<Extras> take_extras(FdCallbacks& callbacks) {
        const bool has_hooks = callbacks.poll && callbacks.poll_ready;
        if (!callbacks.write && !has_hooks) {
            return nullptr;
        }
        auto extras = std::make_unique<Extras>();
        extras->write = std::move(callbacks.write);
        if (has_hooks) {
            extras->poll = std::move(callbacks.poll);
            extras->poll_ready = std::move(callbacks.poll_ready);
        }
        return extras;
    }

    FdNode(int descriptor, const char* handle_name, HandlerClass which, Callback<void()>&& reads,
           std::unique_ptr<Extras>&& others) noexcept
        : handler_class(which),
          has_hooks(others != nullptr && others->poll),
          key{static_cast<std::uint32_t>(descriptor), 0},
          name(handle_name),
          read(std::move(reads)),
          extras(std::move(others)) {}

    /// The events that some callback wants while `interest` holds. A hang-up goes to read, or to write when nobody
    /// reads: it is reported until somebody acts on it.
    [[nodiscard]] std::uint32_t events_for(Interest interest) const noexcept {
        const auto bits = static_cast<std::uint8_t>(interest);
        std::uint32_t events = fdmon::event_none;
        if (read && (bits & static_cast<std::uint8_t>(Interest::read)) != 0) {
            events |= fdmon::event_in;
        }
        if (extras != nullptr && extras->write && (bits & static_cast<std::uint8_t>(Interest::write)) != 0) {
            events |= fdmon::event_out;
        }
        return events;
    }

    /// Until it is retired.
    [[nodiscard]] int fd() const noexcept { return static_cast<int>(key.fd); }
    /// As the monitor knows it.
    [[nodiscard]] fdmon::Registration registration() const noexcept { return registration_for(watched()); }
    [[nodiscard]] std::uint32_t watched() const noexcept { return is_muted ? fdmon::event_none : wanted(); }
    [[nodiscard]] fdmon::Registration registration_for(std::uint32_t events) const noexcept { return {key, events}; }

    [[nodiscard]] std::uint32_t wanted() const noexcept {
        // RELAXED the table's mutex orders it for writers; for the home thread a stale mask only delays a mute.
        return wanted_events.load(std::memory_order_relaxed);
    }

    void want(std::uint32_t events) noexcept {
        // RELAXED as wanted().
        wanted_events.store(static_cast<std::uint8_t>(events), std::memory_order_relaxed);
    }

    [[nodiscard]] bool is_removed() const noexcept {
        // RELAXED a removal on another thread promises only that no callback starts once the home thread knows of it.
        return removed.load(std::memory_order_relaxed);
    }

    /// The thread that removes the handle. May throw std::bad_alloc: nothing has changed then.
    void promise(Callback<void()> call) {
        if (extras == nullptr) {
            extras = std::make_unique<Extras>();
        }
        extras->on_removed = std::move(call);
    }

    std::atomic<std::uint8_t> wanted_events{fdmon::event_none};
    std::atomic<bool> removed{false};
    /// Under the table's mutex: the descriptor is known to have been closed.
    bool closed : 1 = false;
    /// The same: its class is held, so the monitor does not watch it, whatever is wanted.
    bool is_muted : 1 = false;

    // Bits that stand together are one object for other threads: each kind has a byte of its own.
    bool : 0;
    const HandlerClass handler_class : 2;
    const bool has_hooks : 1;
    bool : 0;

    // Home thread.
    bool is_queued : 1 = false;
    bool poll_is_ready : 1 = false;
    bool in_poll_ready : 1 = false;
    std::uint8_t revents = fdmon::event_none;
    FdNode* next_ready = nullptr;

    union {
        fdmon::Key key;
        /// RetiredList's: then no table knows the node, and no monitor.
        FdNode* next_retired;
    };
    const char* name;
    Callback<void()> read;
    /// Only read for what is there: a thread that removes the handle may put `on_removed` aside here.
    std::unique_ptr<Extras> extras;
};
static_assert(sizeof(FdNode) == 64);

}  // namespace nestling::loop
