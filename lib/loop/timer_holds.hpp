// SPDX-License-Identifier: MIT
#pragma once

#include "loop/timer_node.hpp"

namespace nestling::loop {

/// What other threads ask of timers holds their nodes until it is carried out. Counted for each slab, because a timer
/// has no room for it: one that has ended waits for its neighbours' requests too, and no longer.
class TimerHolds {
public:
    /// Any thread, while the handle is there.
    static void begin(TimerNode& node) noexcept;
    /// Frees what waited for it, at home. On another thread, or in a context that is going, it only counts.
    static void end(TimerNode& node) noexcept;
    /// Home thread, once: neither the handle nor a callback needs the node any more. Frees it when no request does.
    static void release(TimerNode& node) noexcept;

private:
    static void free_ended(Slab& slab) noexcept;
};

}  // namespace nestling::loop
