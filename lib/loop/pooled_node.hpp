// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "loop/slab_list.hpp"

namespace nestling::loop {

/// What a node of a handle carries so that it needs neither a pointer to its context nor a place in a list of the
/// living: how far into its slab it lies. A node outside a slab, of a post, carries 0 and has no context.
class PooledNode {
public:
    PooledNode() noexcept = default;
    PooledNode(const PooledNode&) = delete;
    PooledNode& operator=(const PooledNode&) = delete;

    /// Any thread.
    [[nodiscard]] bool is_pooled() const noexcept { return place() != 0; }
    /// Any thread. Of a node in a slab.
    [[nodiscard]] ContextCore& core() const noexcept { return slab().core(); }
    /// Any thread. False once the handle has let go of the node, which may live on for a while.
    [[nodiscard]] bool has_handle() const noexcept { return (place() & handle_mark) != 0; }
    /// The thread that uses the handle.
    void drop_handle() noexcept {
        // RELAXED only the handle's thread writes it, and only what names leaked handles reads it.
        place_.store(place() & distance_mask, std::memory_order_relaxed);
    }

private:
    template <class Node>
    friend class NodePool;

    // Addresses of nodes are even: the lowest bit is free.
    static constexpr std::uint16_t handle_mark = 1;
    static constexpr std::uint16_t distance_mask = 0xfffe;

    [[nodiscard]] std::uint16_t place() const noexcept {
        // RELAXED the distance never changes while the node lives; for the mark see drop_handle().
        return place_.load(std::memory_order_relaxed);
    }
    [[nodiscard]] const Slab& slab() const noexcept {
        return *reinterpret_cast<const Slab*>(reinterpret_cast<const std::byte*>(this) - (place() & distance_mask));
    }
    [[nodiscard]] Slab& slab() noexcept {
        return *reinterpret_cast<Slab*>(reinterpret_cast<std::byte*>(this) - (place() & distance_mask));
    }
    void enter(const Slab& slab) noexcept {
        const std::uintptr_t distance =
            reinterpret_cast<std::uintptr_t>(this) - reinterpret_cast<std::uintptr_t>(&slab);
        // RELAXED nobody else knows the node yet.
        place_.store(static_cast<std::uint16_t>(distance | handle_mark), std::memory_order_relaxed);
    }

    std::atomic<std::uint16_t> place_{0};
};

}  // namespace nestling::loop
