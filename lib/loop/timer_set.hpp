// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <memory>

#include "loop/budget.hpp"
#include "loop/callback_stack.hpp"
#include "loop/retired_nodes.hpp"
#include "loop/timer_wheel.hpp"
#include "os/clock.hpp"
#include "sync/counter.hpp"

namespace nestling::loop {

/// The timers of one context, on its three clocks. Home thread only, but for the counters.
class TimerSet {
public:
    explicit TimerSet(CallbackStack& stack) noexcept : stack_(stack), monotonic_(os::monotonic_ns()) {}
    TimerSet(const TimerSet&) = delete;
    TimerSet& operator=(const TimerSet&) = delete;

    /// May throw std::bad_alloc: the timer is disarmed then.
    void arm(TimerNode& node, std::int64_t deadline);
    /// Arms a timer that may stay where it is, as most do. Else it does nothing and says so.
    [[nodiscard]] bool arm_in_place(TimerNode& node, std::int64_t deadline) noexcept {
        return node.clock() == Clock::monotonic && monotonic_.insert_in_place(node, deadline);
    }
    void cancel(TimerNode& node) noexcept {
        if (node.place == TimerNode::Place::wall) {
            cancel_wall(node);
        } else {
            TimerWheel::cancel(node);
        }
    }
    /// As cancel(), and the node may be freed then.
    void take_out(TimerNode& node) noexcept {
        cancel(node);
        TimerWheel::unlink(node);
    }

    /// Any thread. The handle of `node` is gone; the home thread ends it in take_retired(). Notify afterwards.
    void retire(TimerNode& node) noexcept { retired_.push(node); }
    /// Another thread may be waiting for the end of what it removed: nobody may sleep before that.
    [[nodiscard]] bool has_retired() const noexcept { return !retired_.empty(); }
    /// Calls `end(node)` for each that was retired.
    template <class F>
    void take_retired(F end) {
        retired_.take(end);
    }

    /// The next time at which the monotonic clock makes something due; -1 if nothing.
    [[nodiscard]] std::int64_t next_monotonic() noexcept { return monotonic_.next_deadline(); }
    /// The same for the wall clock.
    [[nodiscard]] std::int64_t next_wall() const noexcept { return wall_.empty() ? -1 : wall_.begin()->first; }
    /// No timer is armed, or waits to run. May be false when all were cancelled and nobody has looked since.
    [[nodiscard]] bool empty() const noexcept {
        return monotonic_.is_clear() && due_.empty() && !has_virtual() && wall_.empty();
    }
    /// True if something would run now. Reads only the clocks that have timers.
    [[nodiscard]] bool has_due() noexcept { return !empty() && find_due(); }

    /// Runs what is due at the start of the call, including what an outer iteration has left. A timer that its callback
    /// arms for the past is due in the next call. True if a callback ran.
    bool run(const Budget& budget) noexcept;

    [[nodiscard]] std::int64_t virtual_now() const noexcept { return virtual_now_; }
    void advance_virtual(std::int64_t step) noexcept { virtual_now_ += step; }

    [[nodiscard]] std::uint64_t fired_count() const noexcept { return fired_count_.get(); }
    [[nodiscard]] std::int64_t worst_lateness() const noexcept { return worst_lateness_.get(); }

private:
    [[nodiscard]] bool has_virtual() const noexcept { return virtual_ != nullptr && !virtual_->is_clear(); }
    [[nodiscard]] bool find_due() noexcept;
    void cancel_wall(TimerNode& node) noexcept;
    void collect_due() noexcept;

    CallbackStack& stack_;
    TimerWheel monotonic_;
    /// Made when a timer is armed on it: few contexts have any.
    std::unique_ptr<TimerWheel> virtual_;
    std::multimap<std::int64_t, TimerNode*> wall_;
    TimerList due_;
    RetiredNodes<TimerNode> retired_;
    std::int64_t virtual_now_ = 0;
    sync::SingleWriterCounter<std::uint64_t> fired_count_;
    sync::SingleWriterCounter<std::int64_t> worst_lateness_;
};

}  // namespace nestling::loop
