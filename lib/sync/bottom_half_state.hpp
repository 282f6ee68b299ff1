// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "sync/atomics.hpp"

namespace nestling::sync {

/// The orders of BottomHalfState, by name.
struct BottomHalfOrders {
    // BARRIER schedule.set (acq_rel) pairs dequeue.clear, cancel.clear: the caller's data -> the callback, also when
    // the bottom half was pending already and nothing is pushed.
    static constexpr std::memory_order schedule = std::memory_order_acq_rel;
    // BARRIER dequeue.clear (acq_rel) pairs schedule.set: flags cleared -> the callback reads what was published.
    static constexpr std::memory_order dequeue = std::memory_order_acq_rel;
    // BARRIER cancel.clear (acquire) pairs schedule.set: what was published before the schedule that this takes back ->
    // what the canceller looks at next (contracts B-15).
    static constexpr std::memory_order cancel = std::memory_order_acquire;
    // RELAXED a hint; whoever acts on it goes through one of the above.
    static constexpr std::memory_order look = std::memory_order_relaxed;
};

/// What schedule() has to do after it set the flags.
enum class ScheduleStep : std::uint8_t {
    none,     ///< it will run: somebody else has published it, and woken the loop
    publish,  ///< put the node on the pending list
    notify,   ///< it is on a list of the home thread, which may be asleep for a while: wake it
};

/// The flags of one bottom half. PENDING: on some list. Whoever sets it puts the node on the pending list; only the
/// home thread clears it, when it has taken the node off. One that is born pending, a post, is published once by who
/// has made it, and its flags never change.
template <class Atomics = StdAtomics, class Orders = BottomHalfOrders>
class BottomHalfState {
public:
    using Flags = std::uint32_t;
    static constexpr Flags pending = 1;
    static constexpr Flags scheduled = 2;
    static constexpr Flags idle = 4;
    static constexpr Flags deleted = 8;
    /// Marks that a node is born with and keeps.
    static constexpr Flags post = 16;
    static constexpr Flags request = 32;

    BottomHalfState() noexcept = default;
    /// Of a node that is born pending: `mark` is post or request.
    explicit BottomHalfState(Flags mark) noexcept : flags_(mark | pending | scheduled) {}

    /// Any thread, signal-safe.
    ScheduleStep schedule() noexcept {
        // An exchange is one instruction where a fetch_or whose result is wanted is a loop. It may forget `idle`, which
        // `scheduled` outdoes; nobody schedules what is deleted.
        const Flags old = flags_.exchange(pending | scheduled, Orders::schedule);
        if ((old & pending) == 0) {
            return ScheduleStep::publish;
        }
        return (old & scheduled) != 0 ? ScheduleStep::none : ScheduleStep::notify;
    }

    /// Any thread, signal-safe.
    ScheduleStep schedule_idle() noexcept {
        const Flags old = flags_.fetch_or(pending | idle, Orders::schedule);
        return (old & pending) == 0 ? ScheduleStep::publish : ScheduleStep::none;
    }

    /// Any thread. The home thread destroys the node when it takes it off the list.
    ScheduleStep mark_deleted() noexcept {
        const Flags old = flags_.fetch_or(pending | deleted, Orders::schedule);
        return (old & pending) == 0 ? ScheduleStep::publish : ScheduleStep::notify;
    }

    /// Any thread.
    void cancel() noexcept { flags_.fetch_and(~(scheduled | idle), Orders::cancel); }

    /// Home thread, when the node is off every list. Returns the flags as they were.
    Flags dequeue() noexcept { return flags_.exchange(0, Orders::dequeue); }

    /// Any thread.
    [[nodiscard]] Flags look() const noexcept { return flags_.load(Orders::look); }

private:
    typename Atomics::template Atomic<Flags> flags_{0};
};

}  // namespace nestling::sync
