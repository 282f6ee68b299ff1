// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "loop/node_pool.hpp"

namespace nestling::loop {

struct BottomHalfNode;
struct FdNode;
struct TimerNode;

/// The handles of one context: where their nodes live, and what names those that leak. Any thread.
class HandleRegistry {
public:
    explicit HandleRegistry(ContextCore& core) noexcept
        : owner_(core), bottom_halves_(owner_), fd_handlers_(owner_), timers_(owner_) {}

    [[nodiscard]] NodePool<BottomHalfNode>& bottom_halves() noexcept { return bottom_halves_; }
    [[nodiscard]] NodePool<FdNode>& fd_handlers() noexcept { return fd_handlers_; }
    [[nodiscard]] NodePool<TimerNode>& timers() noexcept { return timers_; }

    /// The names of all living handles in quotes, with commas between; empty if there are none. While no other thread
    /// makes or destroys one.
    [[nodiscard]] std::string names() const;

private:
    SlabOwner owner_;
    NodePool<BottomHalfNode> bottom_halves_;
    NodePool<FdNode> fd_handlers_;
    NodePool<TimerNode> timers_;
};

}  // namespace nestling::loop
