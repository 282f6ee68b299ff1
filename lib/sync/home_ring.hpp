// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include "sync/atomics.hpp"

namespace nestling::sync {

/// The orders of HomeRing, by name.
struct HomeRingOrders {
    // RELAXED only the home thread and signal handlers that interrupt it use the ring: order of the program is enough.
    static constexpr std::memory_order own = std::memory_order_relaxed;
};

/// What the home thread has listed for itself, oldest first: a queue without locked instructions, whose room somebody
/// else owns.
///
/// A signal handler may interrupt any step. It finds the ring closed then, and stays out: enter() says no.
template <class Atomics = StdAtomics, class Orders = HomeRingOrders>
class HomeRing {
public:
    using Entry = std::uintptr_t;
    using Room = typename Atomics::template Plain<Entry>;
    using Index = std::uint32_t;

    /// Without room it is never open.
    HomeRing() noexcept : is_closed_(true) {}
    /// `size` is a power of two. The room is used until move_to() is given another.
    HomeRing(Room* room, Index size) noexcept : room_(room), mask_(size - 1), free_until_(size), is_closed_(false) {}
    HomeRing(const HomeRing&) = delete;
    HomeRing& operator=(const HomeRing&) = delete;

    /// Signal-safe. Closes it; false if it is closed already.
    bool enter() noexcept {
        if (is_closed_.load(Orders::own)) {
            return false;
        }
        is_closed_.store(true, Orders::own);
        Atomics::order_signals();
        return true;
    }
    /// After enter(), or whenever what has kept it closed is over.
    void leave() noexcept {
        Atomics::order_signals();
        is_closed_.store(false, Orders::own);
    }

    [[nodiscard]] bool empty() const noexcept { return is_at(tail_.load(Orders::own)); }
    [[nodiscard]] Index size() const noexcept { return mask_ + 1; }
    /// How many entries were ever listed, modulo the range.
    [[nodiscard]] Index end() const noexcept { return tail_.load(Orders::own); }
    /// All entries in front of `end` have been taken.
    [[nodiscard]] bool is_at(Index end) const noexcept { return free_until_.load(Orders::own) - size() == end; }

    /// Entered. False when it is full.
    [[nodiscard]] bool push(Entry entry) noexcept {
        const Index tail = tail_.load(Orders::own);
        if (free_until_.load(Orders::own) == tail) {
            return false;
        }
        at(tail).store(entry);
        // Behind the entry, also for a handler.
        Atomics::order_signals();
        tail_.store(tail + 1, Orders::own);
        return true;
    }

    /// Takes the oldest entry, unless all in front of `end` have been taken.
    [[nodiscard]] bool pop_before(Index end, Entry& entry) noexcept {
        const Index free_until = free_until_.load(Orders::own);
        const Index first = free_until - size();
        if (first == end) {
            return false;
        }
        entry = at(first).load();
        Atomics::order_signals();
        free_until_.store(free_until + 1, Orders::own);
        return true;
    }

    /// Closed. Goes on in `room`, which is larger.
    void move_to(Room* room, Index size_of_room) noexcept {
        const Index first = free_until_.load(Orders::own) - size();
        for (Index index = first; index != end(); ++index) {
            room[index & (size_of_room - 1)].store(at(index).load());
        }
        room_ = room;
        mask_ = size_of_room - 1;
        free_until_.store(first + size_of_room, Orders::own);
    }

private:
    template <class T>
    using Atomic = typename Atomics::template Atomic<T>;

    [[nodiscard]] Room& at(Index index) const noexcept { return room_[index & mask_]; }

    Room* room_ = nullptr;
    Index mask_ = ~Index{0};
    /// Where the room ends for those who list: the place of the oldest entry, one round later.
    Atomic<Index> free_until_{0};
    Atomic<Index> tail_{0};
    Atomic<bool> is_closed_;
};

}  // namespace nestling::sync
