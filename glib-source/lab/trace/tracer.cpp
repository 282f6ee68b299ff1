// SPDX-License-Identifier: MIT
#include "trace/tracer.hpp"

#include <algorithm>
#include <utility>

namespace nestling::lab {

namespace {

/// Clears it, and keeps the room that it has.
void reset(Step& step) {
    std::vector<TraceEvent> events = std::move(step.events);
    std::vector<PolledFd> polled = std::move(step.polled);
    events.clear();
    polled.clear();
    step = Step{};
    step.events = std::move(events);
    step.polled = std::move(polled);
}

bool has_dispatched(const Step& step) noexcept {
    return std::any_of(step.events.begin(), step.events.end(),
                       [](const TraceEvent& event) { return event.what == TraceEvent::What::dispatch; });
}

}  // namespace

Tracer::Tracer(std::size_t kept) {
    constexpr std::size_t least = 2;
    for (std::size_t made = 0; made != std::max(kept, least); ++made) {
        ring_.push_back(std::make_unique<Step>());
    }
}

Step& Tracer::oldest_closed() {
    for (std::size_t looked_at = 0; looked_at != ring_.size(); ++looked_at) {
        Step& step = *ring_[next_];
        next_ = (next_ + 1) % ring_.size();
        if (std::find(open_.begin(), open_.end(), &step) == open_.end()) {
            return step;
        }
    }
    // All that are kept are open: deeper than anyone looks.
    ring_.push_back(std::make_unique<Step>());
    return *ring_.back();
}

Step& Tracer::begin(std::chrono::nanoseconds now, const Counts& counts, std::uint64_t wakeups) {
    Step& step = oldest_closed();
    reset(step);
    step.number = ++made_;
    step.depth = static_cast<unsigned>(depth_);
    step.begin = now;
    open_.push_back(&step);
    starts_.push_back({counts, wakeups});
    return step;
}

void Tracer::end(std::chrono::nanoseconds now, const Counts& counts, std::uint64_t wakeups) {
    if (open_.empty()) {
        return;
    }
    Step& step = *open_.back();
    step.end = now;
    step.counts = counts.since(starts_.back().counts);
    step.wakeups = wakeups - starts_.back().wakeups;
    open_.pop_back();
    starts_.pop_back();
    const bool is_idle =
        step.has_polled && step.poll_error == 0 && step.slept.count() == 0 && !step.would_sleep && !step.was_cut;
    spin_ = is_idle && !has_dispatched(step) ? spin_ + 1 : 0;
    longest_spin_ = std::max(longest_spin_, spin_);
}

std::vector<const Step*> Tracer::kept() const {
    std::vector<const Step*> steps;
    for (const auto& step : ring_) {
        if (step->number != 0) {
            steps.push_back(step.get());
        }
    }
    std::sort(steps.begin(), steps.end(), [](const Step* a, const Step* b) { return a->number < b->number; });
    return steps;
}

}  // namespace nestling::lab
