// SPDX-License-Identifier: MIT
#include "loop/timer_runs.hpp"
#include "loop/timer_wheel.hpp"

namespace nestling::loop {

namespace {

struct ArmedBefore {
    bool operator()(const TimerNode& a, const TimerNode& b) const noexcept { return a.turn < b.turn; }
};

}  // namespace

void TimerWheel::renumber() noexcept {
    // From the earliest slot on: a timer that does not belong where it is belongs to a later one.
    for (std::uint8_t level = 0; level != levels && level_[level] != nullptr; ++level) {
        for (std::uint8_t slot = 0; slot != slots; ++slot) {
            const std::int64_t end = end_of({level, slot});
            TimerList& list = level_[level]->lists[slot];
            TimerRuns<ArmedBefore> runs;
            list.take([&](TimerNode& node) {
                if (!node.is_armed()) {
                    node.place = TimerNode::Place::nowhere;
                } else if (node.deadline > end) {
                    put(node, node.deadline);
                } else {
                    runs.add(node);
                }
            });
            runs.take([&list](TimerNode& node) {
                node.turn = 0;
                list.push_back(node);
            });
        }
    }
    turns_ = 0;
}

}  // namespace nestling::loop
