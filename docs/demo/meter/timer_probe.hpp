// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/timer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>

#include "meter/histogram.hpp"

namespace demo {

/// Asks a context for a callback 100 us ahead, again and again, and notes how late it comes.
class TimerProbe {
public:
    static constexpr std::chrono::nanoseconds ahead = std::chrono::microseconds(100);
    static constexpr std::uint64_t enough = 200;

    explicit TimerProbe(nestling::Context& context);

    /// Samples every few milliseconds, so as not to become the load that it measures under.
    void start();
    /// Samples without pause until there are enough of them, then calls `done`, once.
    void finish(std::function<void()> done);
    void stop();

    [[nodiscard]] const Histogram& lateness() const noexcept { return lateness_; }
    /// How many came before their time. There must be none.
    [[nodiscard]] std::uint64_t early() const noexcept { return early_; }

private:
    enum class Phase : std::uint8_t { pausing, sampling };

    void fired();
    void sample();

    nestling::Timer timer_;
    Phase phase_ = Phase::pausing;
    std::chrono::nanoseconds deadline_{0};
    std::function<void()> done_;
    Histogram lateness_;
    std::uint64_t early_ = 0;
};

}  // namespace demo
