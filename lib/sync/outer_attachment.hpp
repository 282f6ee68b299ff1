// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "sync/atomics.hpp"

namespace nestling::sync {

/// The orders of OuterAttachment, by name.
struct OuterOrders {
    // BARRIER outer.attach (acquire) pairs outer.detach: the last step of the former outer loop -> the first of the
    // new.
    static constexpr std::memory_order attach = std::memory_order_acquire;
    // BARRIER outer.reattach (acquire) pairs outer.detach: as outer.attach, when nobody has folded the detachment in.
    static constexpr std::memory_order reattach = std::memory_order_acquire;
    // BARRIER outer.detach (release) pairs outer.attach, outer.reattach, outer.fold: all that the outer loop did.
    static constexpr std::memory_order detach = std::memory_order_release;
    // BARRIER outer.fold (acquire) pairs outer.detach: what the outer loop did -> what the home thread does without it.
    static constexpr std::memory_order fold = std::memory_order_acquire;
    // RELAXED a detachment that this misses is folded in at the next entry; what it finds is acted on by another step.
    static constexpr std::memory_order look = std::memory_order_relaxed;
};

/// Whether a context is nested in an outer loop.
template <class Atomics = StdAtomics, class Orders = OuterOrders>
class OuterAttachment {
public:
    /// Any thread. False if the context is nested already.
    bool attach() noexcept {
        // Again, when the home thread folds a detachment in between the two steps.
        for (;;) {
            State expected = State::none;
            if (state_.compare_exchange_strong(expected, State::attached, Orders::attach, Orders::look)) {
                return true;
            }
            if (expected != State::detached) {
                return false;
            }
            // The home thread still folds in the detachment, which closes the old window.
            if (state_.compare_exchange_strong(expected, State::reattached, Orders::reattach, Orders::look)) {
                return true;
            }
        }
    }

    /// Any thread: a GSource is finalized on whichever thread drops the last reference.
    void detach() noexcept { state_.exchange(State::detached, Orders::detach); }

    /// Any thread.
    [[nodiscard]] bool is_attached() const noexcept {
        const State seen = state_.load(Orders::look);
        return seen == State::attached || seen == State::reattached;
    }

    /// Home thread. True, once, after an outer loop has gone: what it was told is void.
    bool fold_detachment() noexcept {
        const State seen = state_.load(Orders::look);
        if (seen == State::none || seen == State::attached) {
            return false;
        }
        State expected = seen;
        const State next = seen == State::detached ? State::none : State::attached;
        return state_.compare_exchange_strong(expected, next, Orders::fold, Orders::look);
    }

private:
    enum class State : std::uint8_t { none, attached, detached, reattached };

    typename Atomics::template Atomic<State> state_{State::none};
};

}  // namespace nestling::sync
