// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <utility>

#include "loop/bottom_half_queue.hpp"
#include "loop/timer_node.hpp"

namespace nestling::loop {

/// The end of a timer, with what was promised for it: carried out at once at home, posted from other threads.
class TimerRemoval {
public:
    /// Home thread. The handle of `node` is gone: disarms it, and frees it when nothing needs it any more. `removed`,
    /// unless it is empty, is called when no callback of the timer is running: now, or when the running one returns.
    /// Allocates nothing.
    static void carry_out(TimerNode& node, Callback<void()> removed);

    /// The thread that removes the handle. To publish on the queue after the handle has let go of `node`; does nothing
    /// when it is destroyed before that. May throw std::bad_alloc.
    [[nodiscard]] static std::unique_ptr<BottomHalfNode> make_request(TimerNode& node, Callback<void()> removed);

    TimerRemoval(TimerRemoval&& other) noexcept
        : node_(std::exchange(other.node_, nullptr)), removed_(std::move(other.removed_)) {}
    TimerRemoval(const TimerRemoval&) = delete;
    TimerRemoval& operator=(const TimerRemoval&) = delete;
    /// Carries it out even when the request was dropped with the context.
    ~TimerRemoval();

    void operator()() { carry_out(*std::exchange(node_, nullptr), std::move(removed_)); }

private:
    TimerRemoval(TimerNode& node, Callback<void()> removed) noexcept : node_(&node), removed_(std::move(removed)) {}
    static void end(TimerNode& node);

    TimerNode* node_;
    Callback<void()> removed_;
};

}  // namespace nestling::loop
