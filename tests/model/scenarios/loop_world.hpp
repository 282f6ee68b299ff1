// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "model/explorer/explore.hpp"
#include "sync/bottom_half_list.hpp"
#include "sync/loop_steps.hpp"
#include "sync/wake_oneword.hpp"
#include "sync/wake_seed.hpp"

namespace nestling::model {

/// How the monitor reports the event: by edges, consumed by looking, or by level, until it is drained.
enum class Reported { edge, level };

/// A form of the protocol with the orders under test.
template <class WakeOrders = sync::OnewordOrders, class HalfOrders = sync::BottomHalfOrders,
          class Policy = ModelAtomics>
struct OnewordForm {
    using Wake = sync::WakeOneword<Policy, WakeOrders>;
    using Link = sync::BottomHalfLink<Policy, HalfOrders>;
};
template <class WakeOrders = sync::SeedOrders, class HalfOrders = sync::BottomHalfOrders, class Policy = ModelAtomics>
struct SeedForm {
    using Wake = sync::WakeSeed<Policy, WakeOrders>;
    using Link = sync::BottomHalfLink<Policy, HalfOrders>;
};

/// A loop made of the headers that ship: the wake protocol, the list of bottom halves and the steps of both drivers.
/// What is modelled here is what a context has around them: the event behind its monitor, the set of descriptors, and
/// one deadline.
template <class Form>
class LoopWorld {
public:
    using Wake = typename Form::Wake;
    using Link = typename Form::Link;
    using List = sync::BottomHalfList<Wake, Link>;
    using State = typename List::State;
    static constexpr bool is_oneword = std::string_view(Wake::name) == "oneword";

    /// A bottom half with data that its callback reads.
    struct Half : Link {
        ModelAtomics::Plain<int> payload{0};
        int runs = 0;
        int last_payload = 0;
        bool is_freed = false;
    };

    explicit LoopWorld(Reported how) : reported_(how), steps_(*this, list_.wake()) { name_all(); }
    /// With room for what the home thread lists for itself.
    LoopWorld(Reported how, typename List::Room* room, typename List::Index size)
        : reported_(how), list_(room, size), steps_(*this, list_.wake()) {
        name_all();
    }

    // ---- What producers do ----

    void schedule(Half& half) noexcept { list_.schedule(half, *this); }
    void schedule_idle(Half& half) noexcept { list_.schedule_idle(half, *this); }
    void remove(Half& half) noexcept { list_.mark_deleted(half, *this); }
    void notify() noexcept { list_.notify(*this); }
    /// A request by a plain (relaxed) store in front of notify(): a deadline, a change of the set of descriptors.
    void request(int what) noexcept {
        requested_.store(what, std::memory_order_relaxed);
        notify();
    }

    /// Home thread, and what interrupts it.
    void schedule_at_home(Half& half) noexcept { list_.schedule_at_home(half, *this); }

    /// Home thread. A timer, to fire when a wait has lasted that long.
    void arm_timer() {
        is_armed_ = true;
        if (steps_.window_is_open()) {
            notify();
        }
    }

    // ---- The event, as the protocol sees it ----

    void set() noexcept { event_.set(); }
    void drain() noexcept {
        if (reported_ == Reported::level) {
            event_.drain();
        }
    }

    // ---- What the home thread does ----

    bool poll(sync::MaySleep may_sleep) {
        return steps_.poll(
            may_sleep, [this] { return look(); }, accepting());
    }
    bool prepare() { return steps_.prepare(); }
    /// What an outer loop does between prepare and check when prepare was not ready: it sleeps, with what it was told.
    void outer_wait() {
        if (told_timer_) {
            time_has_come_ = true;
        } else {
            event_.wait();
        }
    }
    /// True: there is something to dispatch.
    bool check() {
        steps_.close_window();
        return event_.is_set() || list_.wake().is_published() || list_.has_work() || list_.has_idle() ||
               is_requested() || is_timer_due();
    }
    bool dispatch() {
        return steps_.dispatch([this] { return look(); }, accepting());
    }

    /// What its owner looks at: bottom halves run and requests served.
    [[nodiscard]] int done() const noexcept { return done_; }
    [[nodiscard]] std::size_t sleeps() const noexcept { return sleeps_; }
    [[nodiscard]] std::size_t handed_on() const noexcept { return handed_on_; }
    [[nodiscard]] std::size_t writes() const noexcept { return static_cast<std::size_t>(event_.writes()); }
    [[nodiscard]] Event& event() noexcept { return event_; }
    [[nodiscard]] bool is_idle() noexcept { return !list_.wake().is_published() && !list_.has_work(); }

    [[nodiscard]] bool has_timer() const noexcept { return is_armed_; }

    /// Called for each bottom half that runs; may do anything a callback may.
    void (*callback)(LoopWorld&, Half&) = nullptr;
    /// In the order in which they ran.
    std::array<Half*, 16> order{};
    std::size_t ran = 0;

    // ---- What sync::LoopSteps asks of its host ----

    struct Outlook {
        bool ready;
        bool has_timer;
    };
    Outlook look_ahead() {
        list_.accept(*this, sync::EventSeen::no, sync::Ended::nothing);
        return {list_.has_work() || is_requested() || is_timer_due(), is_armed_};
    }
    sync::EventSeen sleep(const Outlook& outlook) {
        // The set is read after the announcement, as a monitor copies it.
        if (is_requested()) {
            return look();
        }
        if (outlook.has_timer) {
            time_has_come_ = true;
            return look();
        }
        event_.wait();
        return look();
    }
    bool run() {
        list_.begin_round();
        bool progress = serve_request();
        progress = fire_timer() || progress;
        for (auto taken = list_.next(); taken.link != nullptr; taken = list_.next()) {
            progress = run_one(static_cast<Half&>(*taken.link), taken.flags) || progress;
        }
        return progress;
    }
    void tell_outer(const Outlook& outlook) {
        told_ = requested_.load(std::memory_order_relaxed);
        told_timer_ = outlook.has_timer;
    }
    bool is_outer_told(const Outlook& outlook) {
        return told_ == requested_.load(std::memory_order_relaxed) && told_timer_ == outlook.has_timer;
    }
    void wake_outer() noexcept {
        ++handed_on_;
        event_.set();
    }
    [[nodiscard]] bool has_work_at_home() const noexcept { return list_.has_work_at_home(); }
    void slept() noexcept { ++sleeps_; }

private:
    void name_all() {
        name(list_.wake(), Wake::name);
        name(event_, "event");
    }

    auto accepting() {
        return [this](sync::EventSeen seen, sync::Ended ended) { list_.accept(*this, seen, ended); };
    }

    sync::EventSeen look() noexcept {
        const bool is_set = reported_ == Reported::edge ? event_.drain() : event_.is_set();
        return is_set ? sync::EventSeen::yes : sync::EventSeen::no;
    }

    [[nodiscard]] bool is_requested() noexcept { return requested_.load(std::memory_order_relaxed) != served_; }

    [[nodiscard]] bool is_timer_due() const noexcept { return is_armed_ && time_has_come_; }

    bool fire_timer() noexcept {
        if (!is_timer_due()) {
            return false;
        }
        is_armed_ = false;
        time_has_come_ = false;
        ++done_;
        return true;
    }

    bool serve_request() noexcept {
        const int wanted = requested_.load(std::memory_order_relaxed);
        if (wanted == served_) {
            return false;
        }
        done_ += wanted - served_;
        served_ = wanted;
        return true;
    }

    bool run_one(Half& half, typename State::Flags flags) {
        if ((flags & State::deleted) != 0) {
            assert_that(!half.is_freed, "a bottom half is freed once");
            half.is_freed = true;
            model::destroy(half);
            ++done_;
            return false;
        }
        if ((flags & (State::scheduled | State::idle)) == 0) {
            return false;
        }
        half.last_payload = half.payload.load();
        ++half.runs;
        ++done_;
        order[ran++ % order.size()] = &half;
        if (callback != nullptr) {
            callback(*this, half);
        }
        return (flags & State::scheduled) != 0;
    }

    const Reported reported_;
    Event event_;
    List list_;
    sync::LoopSteps<LoopWorld, Wake> steps_;
    ModelAtomics::Atomic<int> requested_{0};
    int served_ = 0;
    int told_ = 0;
    bool is_armed_ = false;
    bool time_has_come_ = false;
    bool told_timer_ = false;
    int done_ = 0;
    std::size_t sleeps_ = 0;
    std::size_t handed_on_ = 0;
};

}  // namespace nestling::model
