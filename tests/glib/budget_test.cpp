// SPDX-License-Identifier: MIT
// Rule R12: what one dispatch may take.
#include <chrono>
#include <set>
#include <vector>

#include "glib/reading.hpp"
#include "glib/scripted_source.hpp"
#include "glib/settings.hpp"
#include "support/descriptors.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

using namespace std::chrono_literals;

TEST_CASE("what exceeds the budget runs in the next iterations, and other sources run in between", "[options][R12]") {
    glib::SourceOptions options;
    // Used up by any callback.
    options.budget = 1ns;
    Nested nested({MonitorKind::automatic, NotifierKind::automatic}, options);
    std::vector<int> order;
    const BottomHalf first(*nested.context, "first", [&] { order.push_back(1); });
    const BottomHalf second(*nested.context, "second", [&] { order.push_back(2); });
    const Ends ends;
    FdCallbacks callbacks;
    callbacks.read = [&] {
        ends.take();
        order.push_back(3);
    };
    const FdHandler handler(*nested.context, ends.near(), "fd", std::move(callbacks));
    Timer timer(*nested.context, "timer", [&] { order.push_back(4); });
    ScriptedSource::Steps steps;
    bool is_other_busy = false;
    steps.prepare = [&] { return is_other_busy; };
    steps.dispatch = [&] { order.push_back(0); };
    const ScriptedSource other(nested.main, options.priority, std::move(steps));
    nested.main.settle();
    is_other_busy = true;
    first.schedule();
    second.schedule();
    ends.put();
    timer.arm_at(clock_now(Clock::monotonic));
    while (order.size() < 8) {
        nested.main.sleep();
    }
    // The other source after each callback of ours, and all four of those.
    std::set<int> ours;
    for (std::size_t at = 0; at < order.size(); at += 2) {
        ours.insert(order[at]);
        CHECK(order[at + 1] == 0);
    }
    CHECK(ours == std::set<int>{1, 2, 3, 4});
    CHECK(order.front() == 1);
}

TEST_CASE("bottom halves that use up the budget each time do not starve descriptors and timers", "[options][R12]") {
    glib::SourceOptions options;
    options.budget = 1ns;
    Nested nested({MonitorKind::automatic, NotifierKind::automatic}, options);
    int left = 20;
    bool was_read = false;
    bool has_fired = false;
    BottomHalf busy;
    busy = BottomHalf(*nested.context, "busy", [&] {
        if (--left != 0) {
            busy.schedule();
        }
    });
    const Ends ends;
    FdCallbacks callbacks;
    callbacks.read = [&] {
        ends.take();
        was_read = true;
    };
    const FdHandler handler(*nested.context, ends.near(), "fd", std::move(callbacks));
    Timer timer(*nested.context, "timer", [&] { has_fired = true; });
    nested.main.settle();
    busy.schedule();
    ends.put();
    timer.arm_at(clock_now(Clock::monotonic));
    nested.main.run_until([&] { return left == 0 || (was_read && has_fired); });
    CHECK(was_read);
    CHECK(has_fired);
    CHECK(left > 10);
    left = 1;
    nested.main.settle();
}

TEST_CASE("without a budget everything runs in one iteration", "[options][R12]") {
    Nested nested;
    int runs = 0;
    std::vector<BottomHalf> all;
    for (int index = 0; index < 100; ++index) {
        all.emplace_back(*nested.context, "bh", [&] { ++runs; });
    }
    nested.main.settle();
    for (const BottomHalf& bottom_half : all) {
        bottom_half.schedule();
    }
    CHECK(nested.main.look());
    CHECK(runs == 100);
}

}  // namespace nestling::testing
