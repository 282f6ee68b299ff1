// SPDX-License-Identifier: MIT
#include "meter/timer_probe.hpp"

#include <utility>

namespace demo {

namespace {
constexpr std::chrono::milliseconds pause{4};
}

TimerProbe::TimerProbe(nestling::Context& context) : timer_(context, "timer probe", [this] { fired(); }) {}

void TimerProbe::start() {
    lateness_.clear();
    early_ = 0;
    done_ = nullptr;
    sample();
}

void TimerProbe::finish(std::function<void()> done) {
    done_ = std::move(done);
    if (phase_ == Phase::pausing) {
        sample();
    }
}

void TimerProbe::stop() {
    timer_.cancel();
    done_ = nullptr;
}

void TimerProbe::sample() {
    phase_ = Phase::sampling;
    deadline_ = nestling::clock_now(nestling::Clock::monotonic) + ahead;
    timer_.arm_at(deadline_);
}

void TimerProbe::fired() {
    if (phase_ == Phase::sampling) {
        const std::chrono::nanoseconds late = nestling::clock_now(nestling::Clock::monotonic) - deadline_;
        early_ += late.count() < 0 ? 1 : 0;
        lateness_.add(late);
    }
    if (done_ && lateness_.count() >= enough) {
        std::exchange(done_, nullptr)();
    } else if (done_ || phase_ == Phase::pausing) {
        sample();
    } else {
        phase_ = Phase::pausing;
        timer_.arm_after(pause);
    }
}

}  // namespace demo
