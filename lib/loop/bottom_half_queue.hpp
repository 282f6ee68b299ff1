// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/callback.hpp>

#include <cstdint>

#include "loop/budget.hpp"
#include "loop/callback_stack.hpp"
#include "loop/handle_registry.hpp"
#include "loop/wake_event.hpp"
#include "sync/bottom_half_state.hpp"
#include "sync/counter.hpp"
#include "sync/wake.hpp"

namespace nestling::loop {

class ContextCore;

/// A bottom half, or, when it is in no registry, a post that is freed when it has run.
struct BottomHalfNode : sync::PendingNode<sync::StdAtomics>, HandleNode {
    BottomHalfNode(ContextCore& owner, const char* handle_name, Callback<void()> function) noexcept
        : HandleNode{handle_name}, core(&owner), callback(std::move(function)) {}

    [[nodiscard]] bool is_post() const noexcept { return registry_index == unregistered; }

    sync::BottomHalfState<> state;
    ContextCore* core;
    Callback<void()> callback;
};

/// What is published, what has been taken and not yet run, and the wake protocol between the two.
class BottomHalfQueue {
public:
    BottomHalfQueue(WakeEvent& event, CallbackStack& stack) noexcept : event_(event), stack_(stack) {}
    BottomHalfQueue(const BottomHalfQueue&) = delete;
    BottomHalfQueue& operator=(const BottomHalfQueue&) = delete;

    // ---- Any thread, signal-safe ----

    void carry_out(sync::ScheduleStep step, BottomHalfNode& node) noexcept {
        if (step == sync::ScheduleStep::publish) {
            wake_.publish(node, event_);
        } else if (step == sync::ScheduleStep::notify) {
            wake_.notify(event_);
        }
    }

    void notify() noexcept { wake_.notify(event_); }

    // ---- Home thread ----

    bool announce(sync::Sleeper sleeper) noexcept { return wake_.announce(sleeper); }
    void withdraw(sync::Sleeper sleeper) noexcept { wake_.withdraw(sleeper); }
    [[nodiscard]] bool is_armed(sync::Sleeper sleeper) const noexcept { return wake_.is_armed(sleeper); }
    bool rearm() noexcept { return wake_.rearm(); }

    /// Disarms, and takes in what is published.
    void accept(sync::EventSeen seen, sync::Ended ended) noexcept;

    /// Something is to be run before anybody may sleep.
    [[nodiscard]] bool has_work() const noexcept { return !batch_.empty(); }
    [[nodiscard]] bool is_published() const noexcept { return wake_.is_published(); }
    /// When idle bottom halves must run at the latest; -1 if there are none.
    [[nodiscard]] std::int64_t idle_deadline() const noexcept { return idle_.empty() ? -1 : idle_deadline_; }

    /// Runs what was taken in, including what an outer iteration has left. True on progress.
    bool run(const Budget& budget) noexcept;

    /// Destroys a node whose handle is gone: now, or when its callback returns.
    void dispose(BottomHalfNode* node);

    /// The end of the context: frees every node, running none. Returns how many posts were lost.
    std::size_t drop_all() noexcept;

    [[nodiscard]] std::uint64_t run_count() const noexcept { return run_count_.get(); }
    [[nodiscard]] std::uint64_t published_count() const noexcept { return published_count_.get(); }

private:
    bool run_one(BottomHalfNode& node) noexcept;

    // Written by producers.
    alignas(64) sync::Wake wake_;

    // Written by the home thread.
    alignas(64) WakeEvent& event_;
    CallbackStack& stack_;
    sync::TakenQueue<sync::StdAtomics> batch_;
    sync::TakenQueue<sync::StdAtomics> idle_;
    std::int64_t idle_deadline_ = -1;
    sync::SingleWriterCounter<std::uint64_t> run_count_;
    sync::SingleWriterCounter<std::uint64_t> published_count_;
};

}  // namespace nestling::loop
