// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>

namespace nestling::loop {

/// Whether a context is nested in an outer loop.
class OuterAttachment {
public:
    /// Any thread. False if the context is nested already.
    bool attach() noexcept {
        // Again, when the home thread folds a detachment in between the two steps.
        for (;;) {
            State expected = State::none;
            // BARRIER outer.attach (acq_rel) pairs outer.detach: the former outer loop's last step -> the new one's
            // first.
            if (state_.compare_exchange_strong(expected, State::attached, std::memory_order_acq_rel)) {
                return true;
            }
            if (expected != State::detached) {
                return false;
            }
            // BARRIER outer.reattach (acq_rel) pairs outer.detach: as outer.attach; the home thread still folds in the
            // detachment, which closes the old window.
            if (state_.compare_exchange_strong(expected, State::reattached, std::memory_order_acq_rel)) {
                return true;
            }
        }
    }

    /// Any thread: a GSource is finalized on whichever thread drops the last reference.
    void detach() noexcept {
        // BARRIER outer.detach (acq_rel) pairs outer.attach, outer.reattach, outer.fold: all that the outer loop did.
        state_.exchange(State::detached, std::memory_order_acq_rel);
    }

    /// Home thread. True, once, after an outer loop has gone: what it was told is void.
    bool fold_detachment() noexcept {
        // RELAXED a detachment that this misses is folded in at the next entry.
        const State seen = state_.load(std::memory_order_relaxed);
        if (seen == State::none || seen == State::attached) {
            return false;
        }
        State expected = seen;
        const State next = seen == State::detached ? State::none : State::attached;
        // BARRIER outer.fold (acq_rel) pairs outer.detach: as outer.attach.
        return state_.compare_exchange_strong(expected, next, std::memory_order_acq_rel);
    }

private:
    enum class State : std::uint8_t { none, attached, detached, reattached };

    std::atomic<State> state_{State::none};
};

}  // namespace nestling::loop
