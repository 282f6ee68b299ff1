// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>

#include "loop/poll_set.hpp"
#include "sync/counter.hpp"

namespace nestling::loop {

/// What a context knows about polling before it sleeps, and instead of sleeping on until a timer. Home thread, but for
/// the counts.
class Spinner {
public:
    /// What ended a time of polling.
    enum class Sight : std::uint8_t {
        nothing,
        work,         ///< something is published, or a hook said yes
        event,        ///< a look at descriptors found the event, and perhaps others
        descriptors,  ///< a look at descriptors found others
    };

    /// May throw std::bad_alloc, as may set_rule(): nothing has changed then.
    Spinner(const BusyPolling& rule, std::chrono::nanoseconds tail) {
        set_rule(rule);
        set_tail(tail);
    }

    [[nodiscard]] bool is_on() const noexcept { return is_on_; }

    [[nodiscard]] const BusyPolling& rule() const noexcept { return rule_; }
    void set_rule(const BusyPolling& rule) {
        set_ = rule.max.count() > 0 ? std::make_unique<PollSet>(rule) : nullptr;
        rule_ = rule;
        is_on_ = set_ != nullptr || tail_ != 0;
    }
    [[nodiscard]] std::int64_t tail() const noexcept { return tail_; }
    void set_tail(std::chrono::nanoseconds tail) noexcept {
        tail_ = std::max<std::int64_t>(tail.count(), 0);
        is_on_ = set_ != nullptr || tail_ != 0;
    }
    /// Also before an outer loop sleeps.
    [[nodiscard]] bool is_on_in_prepare() const noexcept { return set_ != nullptr && rule_.outer_max.count() > 0; }
    [[nodiscard]] std::int64_t outer_max() const noexcept { return rule_.outer_max.count(); }

    /// For how long to poll in the wait that begins.
    [[nodiscard]] std::int64_t length() const noexcept { return set_ == nullptr ? 0 : set_->length(); }
    void begin_wait(std::int64_t now) noexcept { wait_start_ = now; }

    void found(std::int64_t after, PollSet::Work work, const FdReadyList& ready) noexcept {
        found_.add(1);
        set_->learn(PollSet::Ended::by_polling, after, work, ready);
    }
    void slept(std::int64_t now, PollSet::Work work, const FdReadyList& ready) noexcept {
        if (set_ == nullptr) {
            return;
        }
        if (set_->length() != 0) {
            given_up_.add(1);
        }
        set_->learn(PollSet::Ended::by_sleeping, now - wait_start_, work, ready);
    }
    /// The outer loop goes on, and perhaps sleeps; what it finds is told by slept().
    void leave_to_outer() noexcept { outer_sleeps_ = true; }
    [[nodiscard]] bool take_outer_sleep() noexcept { return std::exchange(outer_sleeps_, false); }
    void polled_for_timer() noexcept { tails_.add(1); }

    /// To look at descriptors takes as long as many looks at the wake word.
    [[nodiscard]] bool is_time_to_look(std::int64_t now) const noexcept { return now >= next_look_; }
    void looked(std::int64_t now) noexcept {
        constexpr std::int64_t between_looks = 10'000;
        next_look_ = now + between_looks;
    }
    /// The iteration that polled for descriptors need not look again.
    void spare_a_look() noexcept { spares_a_look_ = true; }
    [[nodiscard]] bool take_spared_look() noexcept { return spares_a_look_ && std::exchange(spares_a_look_, false); }

    // Any thread.
    [[nodiscard]] std::uint64_t found_count() const noexcept { return found_.get(); }
    [[nodiscard]] std::uint64_t given_up_count() const noexcept { return given_up_.get(); }
    [[nodiscard]] std::uint64_t tail_count() const noexcept { return tails_.get(); }

private:
    bool is_on_ = false;
    bool spares_a_look_ = false;
    bool outer_sleeps_ = false;
    BusyPolling rule_;
    /// Null if only timers are polled for.
    std::unique_ptr<PollSet> set_;
    std::int64_t tail_ = 0;
    std::int64_t wait_start_ = 0;
    std::int64_t next_look_ = 0;
    sync::SingleWriterCounter<std::uint64_t> found_;
    sync::SingleWriterCounter<std::uint64_t> given_up_;
    sync::SingleWriterCounter<std::uint64_t> tails_;
};

}  // namespace nestling::loop
