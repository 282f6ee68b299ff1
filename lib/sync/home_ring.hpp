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
    HomeRing(Room* room, Index size) noexcept : room_(room), mask_(size - 1), is_closed_(false) {}
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
    [[nodiscard]] bool is_at(Index end) const noexcept { return first() == end; }

    /// Entered. Where the entry is now; null when it is full.
    [[nodiscard]] Room* push(Entry entry) noexcept {
        const Index tail = tail_.load(Orders::own);
        if (tail - first() > mask_) {
            return nullptr;
        }
        Room& place = at(tail);
        place.store(entry);
        // Behind the entry, also for a handler.
        Atomics::order_signals();
        tail_.store(tail + 1, Orders::own);
        return &place;
    }

    /// Where the oldest entry is.
    [[nodiscard]] Index first() const noexcept { return first_.load(Orders::own); }
    /// Of an entry. What is listed behind it leaves it alone; it moves with move_to() only.
    [[nodiscard]] Room& at(Index index) const noexcept { return room_[index & mask_]; }
    /// Takes the entry at `first`, the oldest.
    void drop(Index first) noexcept {
        // Behind what was read of it, also for a handler.
        Atomics::order_signals();
        first_.store(first + 1, Orders::own);
    }

    /// Closed. Goes on in `room`, which is larger.
    void move_to(Room* room, Index size_of_room) noexcept {
        for (Index index = first(); index != end(); ++index) {
            room[index & (size_of_room - 1)].store(at(index).load());
        }
        room_ = room;
        mask_ = size_of_room - 1;
    }

private:
    template <class T>
    using Atomic = typename Atomics::template Atomic<T>;

    Room* room_ = nullptr;
    Index mask_ = ~Index{0};
    /// The oldest entry.
    Atomic<Index> first_{0};
    Atomic<Index> tail_{0};
    Atomic<bool> is_closed_;
};

}  // namespace nestling::sync
