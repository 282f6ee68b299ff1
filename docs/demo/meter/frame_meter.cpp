// SPDX-License-Identifier: MIT
#include "meter/frame_meter.hpp"

#include <algorithm>

namespace demo {

void FrameMeter::begin(std::chrono::nanoseconds now) {
    facts_ = Facts();
    // The interval that is open belongs to nobody: it began before.
    last_ = now;
}

void FrameMeter::frame(std::chrono::nanoseconds now) {
    if (last_.count() >= 0) {
        const std::chrono::nanoseconds interval = now - last_;
        intervals_.push_back(interval);
        if (intervals_.size() > kept) {
            intervals_.pop_front();
        }
        ++facts_.frames;
        facts_.late += interval > late_after ? 1 : 0;
        facts_.worst = std::max(facts_.worst, interval);
    }
    last_ = now;
}

FrameMeter::Facts FrameMeter::facts(std::chrono::nanoseconds now) const {
    Facts facts = facts_;
    if (last_.count() >= 0) {
        facts.worst = std::max(facts.worst, now - last_);
    }
    return facts;
}

}  // namespace demo
