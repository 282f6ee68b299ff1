// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "sync/atomics.hpp"

namespace nestling::sync {

/// The orders of BottomHalfState, by name.
struct BottomHalfOrders {
    // BARRIER schedule.set (acq_rel) pairs dequeue.clear, dequeue.fence, cancel.fence: the caller's data -> the
    // callback, also when the bottom half was pending already and nothing is pushed.
    static constexpr std::memory_order schedule = std::memory_order_acq_rel;
    // BARRIER schedule.fence (seq_cst) pairs dequeue.fence, cancel.fence: the caller's data -> the look that finds it
    // scheduled already.
    static constexpr std::memory_order schedule_fence = std::memory_order_seq_cst;
    // BARRIER dequeue.clear (release) pairs schedule.set: what this thread did with the node -> who schedules it next.
    // What was published is acquired by dequeue.fence.
    static constexpr std::memory_order dequeue = std::memory_order_release;
    // BARRIER dequeue.fence (seq_cst) pairs schedule.set, schedule.fence: flags cleared -> the callback reads what a
    // schedule that found them set has left to it.
    static constexpr std::memory_order dequeue_fence = std::memory_order_seq_cst;
    // RELAXED ordered by cancel.fence.
    static constexpr std::memory_order cancel = std::memory_order_relaxed;
    // BARRIER cancel.fence (seq_cst) pairs schedule.set, schedule.fence: flags cleared -> what the canceller looks at
    // next (contracts B-15).
    static constexpr std::memory_order cancel_fence = std::memory_order_seq_cst;
    // RELAXED a hint; whoever acts on it goes through one of the above.
    static constexpr std::memory_order look = std::memory_order_relaxed;
    // RELAXED written by the home thread alone, for itself; others read it as a hint.
    static constexpr std::memory_order at_home = std::memory_order_relaxed;
};

/// What schedule() has to do after it set the flags.
enum class ScheduleStep : std::uint8_t {
    none,     ///< it will run: somebody else has published it, and woken the loop
    publish,  ///< put the node on the pending list
    notify,   ///< it is on a list of the home thread, which may be asleep for a while: wake it
};

/// The flags of one bottom half, and its mark at home.
///
/// PENDING: on a list that other threads can publish to. Whoever sets it puts the node on the pending list; only the
/// home thread clears it, when it has taken the node off. One that is born pending, a post, is published once by who
/// has made it, and its flags never change.
///
/// The mark says that the home thread has listed the node for itself. That thread writes it without locked
/// instructions, and only while no flag is set. A node may be on both lists, because other threads do not see the mark
/// in time: it stands on the home list first then, and runs there once for both.
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
    /// Cancelled by a thread that cannot change the mark at home.
    static constexpr Flags cancelled = 64;

    BottomHalfState() noexcept = default;
    /// Of a node that is born pending: `mark` is post or request.
    explicit BottomHalfState(Flags mark) noexcept : flags_(mark | pending | scheduled) {}

    /// Any thread, signal-safe. True if there is nothing left for schedule() to do: it is scheduled, and the callback
    /// will see what the caller has written.
    [[nodiscard]] bool is_scheduled_already() const noexcept {
        Atomics::expect_write(&flags_);
        if (look() != (pending | scheduled)) {
            return false;
        }
        // A fence on a line of one's own, where an exchange would take the line from the other threads. Either the
        // callback has not begun, and sees all that is in front of this, or the flags are found cleared.
        Atomics::fence(Orders::schedule_fence);
        return look() == (pending | scheduled);
    }

    /// Any thread, signal-safe.
    ScheduleStep schedule() noexcept {
        // An exchange is one instruction where a fetch_or whose result is wanted is a loop. It may forget `idle`, which
        // `scheduled` outdoes, and `cancelled`, which this takes back; nobody schedules what is deleted.
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
    void cancel() noexcept {
        // Only the home thread changes the mark; it finds the flag when it comes to the node.
        const Flags at_home = mark() != 0 ? cancelled : 0;
        Flags old = look();
        while (
            !flags_.compare_exchange_weak(old, (old & ~(scheduled | idle)) | at_home, Orders::cancel, Orders::look)) {
        }
        Atomics::fence_after_rmw(Orders::cancel_fence, flags_);
    }

    /// Home thread, when the node is off every list that others publish to. Returns the flags as they were.
    Flags dequeue() noexcept {
        const Flags old = flags_.exchange(0, Orders::dequeue);
        Atomics::fence_after_rmw(Orders::dequeue_fence, flags_);
        return old;
    }

    /// Any thread.
    [[nodiscard]] Flags look() const noexcept { return flags_.load(Orders::look); }

    /// Any thread. True between a schedule and the start of the callback.
    [[nodiscard]] bool is_scheduled() const noexcept {
        const Flags flags = look();
        return (flags & (scheduled | idle)) != 0 || ((mark() & marked_scheduled) != 0 && (flags & cancelled) == 0);
    }

    // ---- Home thread, and signal handlers that interrupt it while the ring is open ----

    [[nodiscard]] bool is_listed_at_home() const noexcept { return mark() != 0; }

    /// No flag is set, and it is not listed at home: as far as this thread can know.
    [[nodiscard]] bool is_off_all_lists() const noexcept { return look() == 0 && mark() == 0; }
    /// Of one that is off all lists, and is put on the home list.
    void list_at_home() noexcept { set_mark(marked_listed | marked_scheduled); }
    /// True if it is listed at home, and scheduled now; false when other threads are concerned.
    bool schedule_listed() noexcept {
        if (look() != 0) {
            return false;
        }
        set_mark(mark() | marked_scheduled);
        return true;
    }

    void cancel_at_home() noexcept {
        if (mark() != 0) {
            set_mark(mark() & static_cast<Mark>(~marked_scheduled));
        }
        if ((look() & (scheduled | idle)) != 0) {
            flags_.fetch_and(~(scheduled | idle), Orders::cancel);
            Atomics::fence_after_rmw(Orders::cancel_fence, flags_);
        }
    }

    /// Of a listed one: `scheduled` if it was, and then it is no longer. It stays listed.
    Flags take_schedule_at_home() noexcept {
        const Mark old = mark();
        set_mark(old & static_cast<Mark>(~marked_scheduled));
        return (old & marked_scheduled) != 0 ? scheduled : 0;
    }

    /// The handle of a listed node has gone: leave_home_list() says `deleted`.
    void delete_at_home() noexcept { set_mark(marked_listed | marked_deleted); }

    /// True if the node is listed at home and scheduled, and nothing else. Else leave_home_list() tells.
    [[nodiscard]] bool is_only_to_run() const noexcept {
        return mark() == (marked_listed | marked_scheduled) && look() == 0;
    }
    /// Of such a one, when it is off the ring.
    void leave_home_list_to_run() noexcept {
        // A handler that schedules before this does nothing, and its data is seen: the callback comes after.
        set_mark(0);
    }

    /// The ring is entered, and the node is off it. Returns what is to be done, as dequeue() does: `scheduled` or
    /// `idle` to run it, `deleted` to destroy it, else nothing. It may stay pending.
    Flags leave_home_list() noexcept {
        const Mark old = mark();
        set_mark(0);
        if ((old & marked_deleted) != 0) {
            return deleted;
        }
        // What another thread has scheduled meanwhile runs here too. Its place on the other list stays, without effect.
        Flags flags = 0;
        if (look() != 0) {
            flags = flags_.fetch_and(~(scheduled | idle | cancelled), Orders::dequeue);
            Atomics::fence_after_rmw(Orders::dequeue_fence, flags_);
        }
        if ((flags & deleted) != 0) {
            return 0;
        }
        const bool is_due = (old & marked_scheduled) != 0 && (flags & cancelled) == 0;
        return (flags & (scheduled | idle)) | (is_due ? scheduled : 0U);
    }

private:
    using Mark = std::uint8_t;
    static constexpr Mark marked_listed = 1;
    static constexpr Mark marked_scheduled = 2;
    static constexpr Mark marked_deleted = 4;

    [[nodiscard]] Mark mark() const noexcept { return at_home_.load(Orders::at_home); }
    void set_mark(int mark) noexcept { at_home_.store(static_cast<Mark>(mark), Orders::at_home); }

    typename Atomics::template Atomic<Flags> flags_{0};
    typename Atomics::template Atomic<Mark> at_home_{0};
};

}  // namespace nestling::sync
