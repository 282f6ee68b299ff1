// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "sync/atomics.hpp"
#include "sync/pending_list.hpp"
#include "sync/sleeper.hpp"

namespace nestling::sync {

/// The orders of WakeSeed, by name.
struct SeedOrders {
    // RELAXED the compare-exchange that follows decides on the value.
    static constexpr std::memory_order publish_peek = std::memory_order_relaxed;
    // BARRIER publish.push (release) pairs accept.take: the node and the caller's data -> whoever takes the list.
    static constexpr std::memory_order publish_push = std::memory_order_release;
    // BARRIER notify.kick (release) pairs accept.take: the caller's data -> whoever clears the mark.
    static constexpr std::memory_order notify_kick = std::memory_order_release;
    // BARRIER publish.fence (seq_cst) pairs announce.fence: work published -> read of notify_me.
    static constexpr std::memory_order publish_fence = std::memory_order_seq_cst;
    // RELAXED ordered by publish.fence.
    static constexpr std::memory_order read_notify_me = std::memory_order_relaxed;
    // RELAXED only says that the event was written; the event itself wakes.
    static constexpr std::memory_order set_notified = std::memory_order_relaxed;
    // RELAXED only the home thread writes notify_me, so its own read needs no order, and announce.fence orders the
    // write.
    static constexpr std::memory_order write_notify_me = std::memory_order_relaxed;
    // BARRIER announce.fence (seq_cst) pairs publish.fence: notify_me set -> look at the work.
    static constexpr std::memory_order announce_fence = std::memory_order_seq_cst;
    // RELAXED as set_notified; the work is carried by accept.take.
    static constexpr std::memory_order take_notified = std::memory_order_relaxed;
    // BARRIER accept.take (acquire) pairs publish.push, notify.kick: what was published -> what the loop reads next.
    static constexpr std::memory_order accept_take = std::memory_order_acquire;
    // RELAXED ordered by announce.fence where it decides about sleeping, a hint elsewhere.
    static constexpr std::memory_order look = std::memory_order_relaxed;
};

/// The reference protocol, as the model has it after "use explicit memory barriers": notify_me is written by the home
/// thread alone with relaxed accesses, a full fence stands on both sides, every producer that finds it set writes the
/// event, and `notified` says that the event must be drained. notify_me has bit 0 for an outer loop between prepare and
/// check, because that may be announced twice or never ended, and counts native waits in the bits above.
///
/// Where the model can lose a wakeup this form does not follow it: the event is drained before the work is looked at,
/// in the same entry (contracts B-5, B-6), accept() is called by dispatch as well as after a wait, and notify() leaves
/// a mark that announce() sees.
template <class Atomics = StdAtomics, class Orders = SeedOrders>
class WakeSeed {
public:
    using Policy = Atomics;
    using Node = PendingNode<Atomics>;
    static constexpr const char* name = "seed";

    // ---- Any thread ----

    /// Any thread. A hint that publish() comes soon.
    void expect_publish() const noexcept { Atomics::expect_write(&list_); }

    /// Any thread, lock-free, signal-safe.
    template <class Event>
    void publish(Node& node, Event& event) noexcept {
        Node* old = list_.load(Orders::publish_peek);
        do {
            node.next.store(old);
        } while (!list_.compare_exchange_weak(old, &node, Orders::publish_push, Orders::publish_peek));
        tell(event);
    }

    /// Any thread, lock-free, signal-safe.
    template <class Event>
    void notify(Event& event) noexcept {
        kicked_.store(true, Orders::notify_kick);
        tell(event);
    }

    // ---- Home thread ----

    bool announce(Sleeper sleeper) noexcept {
        const std::uint32_t old = notify_me_.load(Orders::write_notify_me);
        notify_me_.store(sleeper == Sleeper::external ? old | 1U : old + 2U, Orders::write_notify_me);
        Atomics::fence(Orders::announce_fence);
        if (!is_published()) {
            return true;
        }
        withdraw(sleeper);
        return false;
    }

    void withdraw(Sleeper sleeper) noexcept {
        const std::uint32_t old = notify_me_.load(Orders::write_notify_me);
        notify_me_.store(sleeper == Sleeper::external ? old & ~1U : old - 2U, Orders::write_notify_me);
    }

    bool rearm() noexcept { return announce(Sleeper::external); }

    template <class Event>
    Node* accept(Event& event, EventSeen seen, Ended ended) noexcept {
        return in_order_of_publication<Atomics>(accept_newest_first(event, seen, ended));
    }

    /// Home thread. As accept(), in the opposite order, for who passes over the list anyway.
    template <class Event>
    Node* accept_newest_first(Event& event, EventSeen seen, Ended ended) noexcept {
        if (ended == Ended::native_wait) {
            withdraw(Sleeper::native);
        } else if (ended == Ended::external_wait) {
            withdraw(Sleeper::external);
        }
        const bool was_notified =
            notified_.load(Orders::take_notified) && notified_.exchange(false, Orders::take_notified);
        // `notified` knows nothing of a wake-up that a native iteration handed on to the outer loop.
        if (was_notified || seen == EventSeen::yes) {
            event.drain();
        }
        if (kicked_.load(Orders::look)) {
            kicked_.exchange(false, Orders::accept_take);
        }
        if (list_.load(Orders::look) == nullptr) {
            return nullptr;
        }
        return list_.exchange(nullptr, Orders::accept_take);
    }

    [[nodiscard]] bool is_armed(Sleeper sleeper) const noexcept {
        const std::uint32_t marks = notify_me_.load(Orders::write_notify_me);
        return sleeper == Sleeper::external ? (marks & 1U) != 0 : marks > 1U;
    }

    /// Home thread. True if nothing is published and whoever publishes now writes nothing.
    [[nodiscard]] bool is_quiet() const noexcept {
        return notify_me_.load(Orders::write_notify_me) == 0 && !is_published();
    }

    [[nodiscard]] bool is_published() const noexcept {
        return list_.load(Orders::look) != nullptr || kicked_.load(Orders::look);
    }

    /// Home thread. True if accept() would find a notify().
    [[nodiscard]] bool is_notified() const noexcept { return kicked_.load(Orders::look); }

private:
    template <class Event>
    void tell(Event& event) noexcept {
        Atomics::fence(Orders::publish_fence);
        if (notify_me_.load(Orders::read_notify_me) != 0) {
            event.set();
            notified_.store(true, Orders::set_notified);
        }
    }

    template <class T>
    using Atomic = typename Atomics::template Atomic<T>;

    Atomic<Node*> list_{nullptr};
    Atomic<bool> kicked_{false};
    Atomic<bool> notified_{false};
    Atomic<std::uint32_t> notify_me_{0};
};

}  // namespace nestling::sync
