// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include "sync/atomics.hpp"
#include "sync/pending_list.hpp"
#include "sync/sleeper.hpp"

namespace nestling::sync {

/// The orders of WakeOneword, by name, so that a checker can weaken them one at a time.
struct OnewordOrders {
    // RELAXED the compare-exchange that follows decides on the value; a stale one only costs a round.
    static constexpr std::memory_order publish_peek = std::memory_order_relaxed;
    // BARRIER publish.push (release) pairs accept.take: the node and the caller's data -> whoever takes the list.
    static constexpr std::memory_order publish_push = std::memory_order_release;
    // BARRIER notify.kick (release) pairs accept.take: the caller's data -> whoever takes the word.
    static constexpr std::memory_order notify_kick = std::memory_order_release;
    // RELAXED arming reads no data of a producer; if anything was published the word is not empty and this fails.
    static constexpr std::memory_order announce = std::memory_order_relaxed;
    // RELAXED drops a tag of our own; what is published stays in the word.
    static constexpr std::memory_order withdraw = std::memory_order_relaxed;
    // BARRIER accept.take (acquire) pairs publish.push, notify.kick: what was published -> what the loop reads next.
    static constexpr std::memory_order accept_take = std::memory_order_acquire;
    // RELAXED a hint for the home thread: a publication that it misses finds the loop armed, or is found by announce().
    static constexpr std::memory_order look = std::memory_order_relaxed;
};

/// The default wake protocol: one word is list, notify_me and flag at once.
///
/// The word holds the newest published node and two tags. ARMED is notify_me: the loop sleeps or is about to. KICK is a
/// notify() without a node. A producer that finds ARMED takes it with the same compare-exchange that publishes, and it
/// alone writes the event: one write per sleep, none while the loop is awake. The loop arms only an empty word, so
/// there is no window between looking and announcing. States: empty -> armed (announce), anything -> published
/// (publish, notify), anything -> empty (accept).
template <class Atomics = StdAtomics, class Orders = OnewordOrders>
class WakeOneword {
public:
    using Policy = Atomics;
    using Node = PendingNode<Atomics>;
    static constexpr const char* name = "oneword";

    // ---- Any thread ----

    /// Any thread. A hint that publish() comes soon.
    void expect_publish() const noexcept { Atomics::expect_write(&word_); }

    /// Any thread, lock-free, signal-safe. Publishes `node`, which must not be published already, and wakes a sleeper.
    template <class Event>
    void publish(Node& node, Event& event) noexcept {
        Word old = word_.load(Orders::publish_peek);
        do {
            node.next.store(pointer(old));
        } while (!word_.compare_exchange_weak(old, reinterpret_cast<Word>(&node) | (old & kick), Orders::publish_push,
                                              Orders::publish_peek));
        if ((old & armed) != 0) {
            event.set();
        }
    }

    /// Any thread, lock-free, signal-safe. Wakes a sleeper; the loop looks at everything again.
    template <class Event>
    void notify(Event& event) noexcept {
        Word old = word_.load(Orders::publish_peek);
        while (!word_.compare_exchange_weak(old, (old & ~armed) | kick, Orders::notify_kick, Orders::publish_peek)) {
        }
        if ((old & armed) != 0) {
            event.set();
        }
    }

    // ---- Home thread ----

    /// Home thread. True: nothing is published, and from now on whoever publishes writes the event. Idempotent.
    bool announce(Sleeper) noexcept {
        Word old = 0;
        return word_.compare_exchange_strong(old, armed, Orders::announce, Orders::announce) || old == armed;
    }

    /// Home thread. Nobody is about to sleep any more; consumes nothing.
    void withdraw(Sleeper) noexcept {
        if (word_.load(Orders::look) == armed) {
            Word old = armed;
            word_.compare_exchange_strong(old, 0, Orders::withdraw, Orders::withdraw);
        }
    }

    /// Home thread. After announce() by an outer sleeper whose mark an accept() in between has dropped: true if the
    /// mark stands again and nothing is published.
    bool rearm() noexcept { return announce(Sleeper::external); }

    /// Home thread. Ends `ended`, disarms, and takes what is published, in order of publication. Drains the event first
    /// when the wait reported it. Without a wait to end and with nothing published it leaves the mark alone.
    template <class Event>
    Node* accept(Event& event, EventSeen seen, Ended ended) noexcept {
        return in_order_of_publication<Atomics>(accept_newest_first(event, seen, ended));
    }

    /// Home thread. As accept(), in the opposite order, for who passes over the list anyway.
    template <class Event>
    Node* accept_newest_first(Event& event, EventSeen seen, Ended ended) noexcept {
        if (seen == EventSeen::yes) {
            event.drain();
        }
        // A mark that no wait of ours ends belongs to an outer sleeper, who still needs it.
        const Word nothing_to_do = ended == Ended::nothing ? armed : 0;
        if ((word_.load(Orders::look) | nothing_to_do) == nothing_to_do) {
            return nullptr;
        }
        return pointer(word_.exchange(0, Orders::accept_take));
    }

    /// Home thread. True if whoever publishes now writes the event.
    [[nodiscard]] bool is_armed(Sleeper) const noexcept { return word_.load(Orders::look) == armed; }

    /// Home thread. True if nothing is published and whoever publishes now writes nothing.
    [[nodiscard]] bool is_quiet() const noexcept { return word_.load(Orders::look) == 0; }

    /// Home thread. True if accept() would find something.
    [[nodiscard]] bool is_published() const noexcept { return (word_.load(Orders::look) & ~armed) != 0; }

    /// Home thread. True if accept() would find a notify().
    [[nodiscard]] bool is_notified() const noexcept { return (word_.load(Orders::look) & kick) != 0; }

private:
    using Word = std::uintptr_t;
    static constexpr Word armed = 1;
    static constexpr Word kick = 2;

    static Node* pointer(Word word) noexcept {
        // A word that is a pointer and two tags at once has to be both.
        return reinterpret_cast<Node*>(word & ~(armed | kick));  // NOLINT(performance-no-int-to-ptr)
    }

    typename Atomics::template Atomic<Word> word_{0};
};

}  // namespace nestling::sync
