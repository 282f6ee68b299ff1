// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/busy_polling.hpp>

#include <algorithm>
#include <cstdint>

namespace nestling::loop {

/// For how long the next wait is worth polling, learned from the waits before it. Durations in nanoseconds.
///
/// What a sleep took includes the wake-up, which may cost more than `max`: two loops that answer each other would never
/// see a short wait again once both sleep. So a sleep never proves that polling is useless: the length decays, and from
/// nothing it comes back in tries of full length, at growing distances while they fail.
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
          length_(max_) {}

    [[nodiscard]] std::int64_t max() const noexcept { return max_; }
    /// 0: do not poll this time.
    [[nodiscard]] std::int64_t length() const noexcept { return length_; }

    /// What ended the wait was found by polling, `after` its start.
    void found(std::int64_t after) noexcept {
        growths_in_vain_ = 0;
        distance_ = first_distance;
        sleeps_ = 0;
        is_try_ = false;
        length_ = std::max(length_, longer(after));
    }

    /// Polling for length() found nothing, and the sleep ended `after` the start of the wait.
    void slept(std::int64_t after) noexcept {
        if (max_ == 0) {
            return;
        }
        if (is_try_) {
            is_try_ = false;
            length_ = 0;
        } else if (after <= max_ && growths_in_vain_ != most_growths_in_vain) {
            // The event came in time for a longer look. If even that does not see it, it is waiting for our CPU.
            ++growths_in_vain_;
            length_ = std::max(longer(length_), std::min(least, max_));
        } else {
            length_ /= shrink_;
            length_ = length_ < std::min(least, max_) ? 0 : length_;
        }
        if (length_ == 0 && ++sleeps_ >= distance_) {
            sleeps_ = 0;
            distance_ = std::min(distance_ * 2, last_distance);
            is_try_ = true;
            length_ = max_;
        }
    }

private:
    [[nodiscard]] std::int64_t longer(std::int64_t time) const noexcept {
        return time > max_ / grow_ ? max_ : time * grow_;
    }

    std::int64_t max_ = 0;
    unsigned grow_ = 1;
    unsigned shrink_ = 1;
    std::int64_t length_ = 0;
    unsigned growths_in_vain_ = 0;
    unsigned sleeps_ = 0;
    unsigned distance_ = first_distance;
    bool is_try_ = false;
};

}  // namespace nestling::loop
