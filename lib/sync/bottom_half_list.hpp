// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include "sync/bottom_half_state.hpp"
#include "sync/pending_list.hpp"
#include "sync/sleeper.hpp"

namespace nestling::sync {

/// What the list knows of a bottom half.
template <class Atomics = StdAtomics, class Orders = BottomHalfOrders>
struct BottomHalfLink : PendingNode<Atomics> {
    using State = BottomHalfState<Atomics, Orders>;
    BottomHalfLink() noexcept = default;
    explicit BottomHalfLink(typename State::Flags mark) noexcept : state(mark) {}
    State state;
};

/// The bottom halves that are scheduled: those that producers have published, in the wake protocol's word, and those
/// that the home thread has taken and not yet run.
///
/// What is taken is a member and no local of an iteration: a nested iteration runs what its outer one has left, and
/// nobody sleeps while something is there, whatever its flags say. Idle ones wait aside, because the loop may sleep for
/// a while before they run.
template <class Wake, class Link>
class BottomHalfList {
public:
    using State = decltype(Link::state);
    using Node = typename Wake::Node;
    using Queue = TakenQueue<typename Wake::Policy>;

    // ---- Any thread, lock-free, signal-safe ----

    /// What a change of the link's state has left to do.
    template <class Event>
    void carry_out(ScheduleStep step, Link& link, Event& event) noexcept {
        if (step == ScheduleStep::publish) {
            wake_.publish(link, event);
        } else if (step == ScheduleStep::notify) {
            wake_.notify(event);
        }
    }

    template <class Event>
    void schedule(Link& link, Event& event) noexcept {
        carry_out(link.state.schedule(), link, event);
    }

    /// Of a link that is born pending, once.
    template <class Event>
    void publish(Link& link, Event& event) noexcept {
        wake_.publish(link, event);
    }

    template <class Event>
    void schedule_idle(Link& link, Event& event) noexcept {
        carry_out(link.state.schedule_idle(), link, event);
    }

    /// The home thread finds the link in some next iteration, and reap() says so.
    template <class Event>
    void mark_deleted(Link& link, Event& event) noexcept {
        carry_out(link.state.mark_deleted(), link, event);
    }

    template <class Event>
    void notify(Event& event) noexcept {
        wake_.notify(event);
    }

    // ---- Home thread ----

    [[nodiscard]] Wake& wake() noexcept { return wake_; }
    [[nodiscard]] const Wake& wake() const noexcept { return wake_; }

    /// Ends `ended` and takes in what is published. Returns how many.
    template <class Event>
    std::size_t accept(Event& event, EventSeen seen, Ended ended) noexcept {
        Node* node = wake_.accept_newest_first(event, seen, ended);
        if (node == nullptr) {
            return 0;
        }
        Queue due;
        Queue idle;
        std::size_t count = 0;
        do {
            Node* const earlier = node->next.load();
            const auto flags = link_of(node).state.look();
            // Due also when it was cancelled: whoever schedules it again while it is on a list wakes nobody.
            const bool is_idle = (flags & (State::idle | State::scheduled | State::deleted)) == State::idle;
            (is_idle ? idle : due).push_front(node);
            ++count;
            node = earlier;
        } while (node != nullptr);
        batch_.append(due);
        idle_.append(idle);
        return count;
    }

    /// Something must run before anybody may sleep. O(idle ones).
    [[nodiscard]] bool has_work() const noexcept {
        if (!batch_.empty()) {
            return true;
        }
        // One that was scheduled in earnest after it was set aside must not wait for the time of the idle ones. Whoever
        // did that notified afterwards, so that the accept() before this has made it visible (contracts F5.12).
        for (Node* node = idle_.first(); node != nullptr; node = node->next.load()) {
            if ((link_of(node).state.look() & State::scheduled) != 0) {
                return true;
            }
        }
        return false;
    }
    [[nodiscard]] bool has_idle() const noexcept { return !idle_.empty(); }

    /// Idle ones run in any iteration that runs.
    void begin_round() noexcept { batch_.prepend(idle_); }

    /// The next one, off the list; null when the round is over. Its state is still that of a listed one: dequeue() it
    /// before its callback runs.
    Link* next() noexcept {
        auto* node = batch_.pop();
        return node == nullptr ? nullptr : &link_of(node);
    }

private:
    static Link& link_of(Node* node) noexcept { return *static_cast<Link*>(node); }

    // Written by producers.
    alignas(64) Wake wake_;

    // Written by the home thread.
    alignas(64) Queue batch_;
    Queue idle_;
};

}  // namespace nestling::sync
