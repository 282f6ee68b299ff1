// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/busy_polling.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>

namespace nestling::loop {

/// For how long the next wait is worth polling for one source of events, learned from the waits before it. Durations in
/// nanoseconds. Nothing but numbers.
///
/// What a sleep took includes the wake-up, which may cost more than `max`: two loops that answer each other would never
/// see a short wait again once both sleep. So a sleep never proves that polling is useless: the length decays, and from
/// nothing it comes back in tries of full length, at growing distances while they fail. Waits that others ended count
/// towards the time that the source took: what seldom comes does not keep the loop polling, however busy the others
/// are.
class PollWindow {
public:
    static constexpr std::int64_t least = 1'000;
    static constexpr unsigned first_distance = 8;
    static constexpr unsigned last_distance = 128;
    static constexpr unsigned most_growths_in_vain = 3;

    PollWindow() noexcept = default;
    explicit PollWindow(const BusyPolling& rule) noexcept
        : max_(std::max<std::int64_t>(rule.max.count(), 0)),
          grow_(std::max(rule.grow, 1U)),
          shrink_(std::max(rule.shrink, 1U)),
          weight_(std::min(rule.weight, 62U)),
          length_(max_) {}

    [[nodiscard]] std::int64_t max() const noexcept { return max_; }
    /// 0: do not poll this time.
    [[nodiscard]] std::int64_t length() const noexcept { return length_; }
    /// How long it has had no event.
    [[nodiscard]] std::int64_t idle() const noexcept { return idle_; }

    /// Polling has found an event, `after` the start of the wait.
    void found(std::int64_t after) noexcept {
        const std::int64_t time = take(after);
        growths_in_vain_ = 0;
        distance_ = first_distance;
        sleeps_ = 0;
        is_try_ = false;
        if (time <= max_) {
            length_ = std::max(length_, longer(time));
        } else {
            shorten();
        }
    }

    /// Polling for length() found nothing, and an event ended the sleep `after` the start of the wait.
    void slept(std::int64_t after) noexcept {
        if (max_ == 0) {
            return;
        }
        const std::int64_t time = take(after);
        if (is_try_) {
            is_try_ = false;
            length_ = 0;
        } else if (time <= max_ && growths_in_vain_ != most_growths_in_vain) {
            // The event came in time for a longer look. If even that does not see it, it is waiting for our CPU.
            ++growths_in_vain_;
            length_ = std::max(longer(length_), std::min(least, max_));
        } else {
            shorten();
        }
        if (length_ == 0 && ++sleeps_ >= distance_) {
            sleeps_ = 0;
            distance_ = std::min(distance_ * 2, last_distance);
            is_try_ = true;
            length_ = max_;
        }
    }

    /// A wait of `time` ended without an event of this source.
    void missed(std::int64_t time) noexcept {
        idle_ = sum(idle_, time);
        if (idle_ - counted_ > max_) {
            counted_ = idle_;
            is_try_ = false;
            shorten();
        }
    }

private:
    static std::int64_t sum(std::int64_t a, std::int64_t b) noexcept {
        return a > std::numeric_limits<std::int64_t>::max() - b ? std::numeric_limits<std::int64_t>::max() : a + b;
    }

    /// The time since the last event, averaged.
    std::int64_t take(std::int64_t after) noexcept {
        const std::int64_t time = sum(idle_, after);
        idle_ = 0;
        counted_ = 0;
        average_ = average_ < 0 ? time : average_ - (average_ >> weight_) + (time >> weight_);
        return average_;
    }

    [[nodiscard]] std::int64_t longer(std::int64_t time) const noexcept {
        return time > max_ / grow_ ? max_ : time * grow_;
    }
    void shorten() noexcept {
        length_ /= shrink_;
        length_ = length_ < std::min(least, max_) ? 0 : length_;
    }

    std::int64_t max_ = 0;
    unsigned grow_ = 1;
    unsigned shrink_ = 1;
    unsigned weight_ = 0;
    std::int64_t length_ = 0;
    std::int64_t average_ = -1;
    std::int64_t idle_ = 0;
    std::int64_t counted_ = 0;
    unsigned growths_in_vain_ = 0;
    unsigned sleeps_ = 0;
    unsigned distance_ = first_distance;
    bool is_try_ = false;
};

}  // namespace nestling::loop
