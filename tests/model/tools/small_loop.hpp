// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "sync/bottom_half_list.hpp"
#include "sync/loop_steps.hpp"
#include "sync/wake_oneword.hpp"
#include "sync/wake_seed.hpp"

namespace nestling::model {

/// A loop of the headers that ship, for checkers that run a program of their own. `Tool` supplies the atomics,
/// `check(condition)`, and `wait(is_set)`, which returns when `is_set()` is true.
///
/// A checker may end the thread instead, without unwinding, where `is_set()` was false once: an execution in which the
/// event is written later is, up to that write, also one in which this look comes later. Whoever waits for all threads
/// then asks is_lost().
template <class Tool, template <class, class> class Form, class WakeOrders>
class SmallLoop {
public:
    using Atomics = typename Tool::Atomics;
    using Wake = Form<Atomics, WakeOrders>;
    using Link = sync::BottomHalfLink<Atomics>;
    using List = sync::BottomHalfList<Wake, Link>;
    using State = typename List::State;
    template <class T>
    using Atomic = typename Atomics::template Atomic<T>;

    struct Half : Link {
        typename Atomics::template Plain<int> payload{0};
        int runs = 0;
    };

    SmallLoop() : steps_(*this, list_.wake()) {}

    // ---- Producers ----

    void schedule(Half& half, int payload) {
        half.payload.store(payload);
        list_.schedule(half, *this);
    }
    void request() {
        requested_.store(1, std::memory_order_relaxed);
        list_.notify(*this);
    }
    /// The event orders nothing: a proof must not lean on what a system call happens to bring.
    void set() noexcept { event_.exchange(1, std::memory_order_relaxed); }

    // ---- The home thread ----

    /// Native sleeps until `wanted` things are done.
    void run_natively(int wanted) {
        while (done_ < wanted) {
            steps_.poll(
                sync::MaySleep::yes, [this] { return look(); }, accepting());
        }
        finished_ = true;
    }

    /// An outer loop, with a poll() in its window, until `wanted` things are done.
    void run_outside(int wanted) {
        while (done_ < wanted) {
            const bool ready = steps_.prepare();
            steps_.poll(
                sync::MaySleep::no, [this] { return look(); }, accepting());
            if (done_ < wanted) {
                if (!ready) {
                    Tool::wait([this] { return is_set(); });
                }
                steps_.dispatch([this] { return look(); }, accepting());
            }
        }
        finished_ = true;
    }

    /// When all threads have ended: the loop sleeps, and nothing will wake it.
    [[nodiscard]] bool is_lost() { return !finished_ && !is_set(); }

    // ---- What sync::LoopSteps and the protocol ask of their host ----

    struct Outlook {
        bool ready;
    };
    void drain() noexcept {}
    Outlook look_ahead() {
        list_.accept(*this, sync::EventSeen::no, sync::Ended::nothing);
        return {list_.has_work() || is_requested()};
    }
    sync::EventSeen sleep(const Outlook&) {
        if (!is_requested()) {
            Tool::wait([this] { return is_set(); });
        }
        return look();
    }
    bool run() {
        list_.begin_round();
        if (is_requested()) {
            served_ = 1;
            ++done_;
        }
        for (auto taken = list_.next(); taken.link != nullptr; taken = list_.next()) {
            Half& half = static_cast<Half&>(*taken.link);
            if ((taken.flags & State::scheduled) != 0) {
                Tool::check(half.payload.load() != 0);
                Tool::check(++half.runs == 1);
                ++done_;
            }
        }
        return true;
    }
    void tell_outer(const Outlook&) { told_ = requested_.load(std::memory_order_relaxed); }
    bool is_outer_told(const Outlook&) { return told_ == requested_.load(std::memory_order_relaxed); }
    void wake_outer() noexcept { set(); }
    [[nodiscard]] bool has_work_at_home() const noexcept { return list_.has_work_at_home(); }
    void slept() noexcept {}

private:
    auto accepting() {
        return [this](sync::EventSeen seen, sync::Ended ended) { list_.accept(*this, seen, ended); };
    }
    /// By a read-modify-write, which reads the newest value, as a system call does.
    bool is_set() { return event_.fetch_or(0, std::memory_order_relaxed) != 0; }
    bool is_requested() { return requested_.load(std::memory_order_relaxed) != served_; }
    sync::EventSeen look() {
        return event_.exchange(0, std::memory_order_relaxed) != 0 ? sync::EventSeen::yes : sync::EventSeen::no;
    }

    List list_;
    Atomic<int> event_{0};
    Atomic<int> requested_{0};
    sync::LoopSteps<SmallLoop, Wake> steps_;
    int served_ = 0;
    int told_ = 0;
    int done_ = 0;
    bool finished_ = false;
};

}  // namespace nestling::model
