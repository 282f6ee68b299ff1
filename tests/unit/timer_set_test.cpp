// SPDX-License-Identifier: MIT
#include "loop/timer_set.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "support/testing.hpp"
#include "unit/timer_nodes.hpp"

namespace nestling::testing {

namespace {

using loop::Budget;
using loop::TimerNode;
using loop::TimerSet;

constexpr std::int64_t hour = 3'600'000'000'000;

struct Set {
    loop::Reporter reporter{"test", nullptr, nullptr};
    loop::CallbackStack stack{reporter};
    TimerSet set{stack};
    TimerNodes nodes;
    std::vector<int> fired;

    TimerNode& make(Clock clock, int number) {
        return nodes.make(clock, [this, number] { fired.push_back(number); });
    }
    static std::int64_t now(Clock clock) { return clock == Clock::virtual_time ? 0 : clock_now(clock).count(); }
};

}  // namespace

TEST_CASE("a timer in the past is due and fires once, one in the future is not, on every clock") {
    const Clock clock = GENERATE(Clock::monotonic, Clock::wall, Clock::virtual_time);
    Set test;
    TimerNode& past = test.make(clock, 1);
    TimerNode& future = test.make(clock, 2);
    CHECK_FALSE(test.set.has_due());
    test.set.arm(future, Set::now(clock) + hour);
    CHECK_FALSE(test.set.has_due());
    CHECK_FALSE(test.set.run(Budget()));
    test.set.arm(past, Set::now(clock));
    CHECK(past.is_armed());
    CHECK(test.set.has_due());
    CHECK(test.set.run(Budget()));
    CHECK(test.fired == std::vector<int>{1});
    CHECK_FALSE(past.is_armed());
    CHECK(past.deadline == -1);
    CHECK_FALSE(test.set.has_due());
    CHECK_FALSE(test.set.run(Budget()));
    CHECK(test.set.fired_count() == 1);
    test.set.cancel(future);
}

TEST_CASE("a cancelled timer does not fire, and cancelling it again does nothing, on every clock") {
    const Clock clock = GENERATE(Clock::monotonic, Clock::wall, Clock::virtual_time);
    const std::int64_t delay = GENERATE(std::int64_t{-1}, std::int64_t{0}, hour);
    Set test;
    TimerNode& node = test.make(clock, 1);
    TimerNode& twin = test.make(clock, 2);
    const std::int64_t deadline = Set::now(clock) + delay;
    test.set.arm(twin, deadline);
    test.set.arm(node, deadline);
    test.set.cancel(node);
    CHECK_FALSE(node.is_armed());
    CHECK(node.deadline == -1);
    test.set.cancel(node);
    CHECK(test.set.run(Budget()) == (delay <= 0));
    CHECK(test.fired == (delay <= 0 ? std::vector<int>{2} : std::vector<int>{}));
    test.set.cancel(twin);
    CHECK(test.set.next_monotonic() == -1);
    CHECK(test.set.next_wall() == -1);
}

TEST_CASE("arming an armed timer moves it") {
    const Clock clock = GENERATE(Clock::monotonic, Clock::wall, Clock::virtual_time);
    Set test;
    TimerNode& node = test.make(clock, 1);
    test.set.arm(node, Set::now(clock));
    test.set.arm(node, Set::now(clock) + hour);
    CHECK_FALSE(test.set.has_due());
    CHECK_FALSE(test.set.run(Budget()));
    test.set.arm(node, Set::now(clock));
    CHECK(test.set.run(Budget()));
    CHECK(test.fired.size() == 1);
}

TEST_CASE("timers of a clock fire by deadline, equals in the order in which they were armed") {
    const Clock clock = GENERATE(Clock::monotonic, Clock::wall, Clock::virtual_time);
    Set test;
    const std::int64_t end = clock == Clock::virtual_time ? 100 : Set::now(clock);
    test.set.arm(test.make(clock, 4), end);
    test.set.arm(test.make(clock, 2), end - 1);
    test.set.arm(test.make(clock, 3), end - 1);
    test.set.arm(test.make(clock, 1), end - 50);
    test.set.advance_virtual(100);
    CHECK(test.set.run(Budget()));
    CHECK(test.fired == std::vector<int>{1, 2, 3, 4});
}

TEST_CASE("the next deadlines of the two real clocks are told apart") {
    Set test;
    CHECK(test.set.next_monotonic() == -1);
    CHECK(test.set.next_wall() == -1);
    TimerNode& monotonic = test.make(Clock::monotonic, 1);
    TimerNode& wall = test.make(Clock::wall, 2);
    const std::int64_t at = Set::now(Clock::monotonic) + hour;
    test.set.arm(monotonic, at);
    CHECK(test.set.next_monotonic() == at);
    CHECK(test.set.next_wall() == -1);
    const std::int64_t wall_at = Set::now(Clock::wall) + hour;
    test.set.arm(wall, wall_at);
    CHECK(test.set.next_wall() == wall_at);
    test.set.cancel(monotonic);
    CHECK(test.set.next_monotonic() == -1);
    test.set.cancel(wall);
}

TEST_CASE("the virtual clock stands still until it is moved, and moves nothing else") {
    Set test;
    CHECK(test.set.virtual_now() == 0);
    TimerNode& node = test.make(Clock::virtual_time, 1);
    test.set.arm(node, 1000);
    CHECK_FALSE(test.set.run(Budget()));
    test.set.advance_virtual(999);
    CHECK_FALSE(test.set.run(Budget()));
    CHECK(test.set.virtual_now() == 999);
    CHECK(test.set.next_monotonic() == -1);
    test.set.advance_virtual(1);
    CHECK(test.set.has_due());
    CHECK(test.set.run(Budget()));
    CHECK(test.fired == std::vector<int>{1});
}

TEST_CASE("a timer that its callback arms for the past is due in the next call") {
    Set test;
    TimerNode* self = nullptr;
    int calls = 0;
    self = &test.nodes.make(Clock::monotonic, [&] {
        ++calls;
        test.set.arm(*self, 0);
    });
    test.set.arm(*self, 0);
    for (int round = 1; round <= 3; ++round) {
        CHECK(test.set.run(Budget()));
        CHECK(calls == round);
        CHECK(test.set.has_due());
    }
    test.set.cancel(*self);
    CHECK_FALSE(test.set.has_due());
}

TEST_CASE("a callback cancels, or moves, a timer that is due in the same round") {
    const bool is_moved = GENERATE(false, true);
    Set test;
    TimerNode& second = test.make(Clock::monotonic, 2);
    TimerNode& third = test.make(Clock::monotonic, 3);
    TimerNode& first = test.nodes.make(Clock::monotonic, [&] {
        if (is_moved) {
            test.set.arm(second, Set::now(Clock::monotonic) + hour);
        } else {
            test.set.cancel(second);
        }
    });
    test.set.arm(first, 1);
    test.set.arm(second, 2);
    test.set.arm(third, 3);
    CHECK(test.set.run(Budget()));
    CHECK(test.fired == std::vector<int>{3});
    CHECK(second.is_armed() == is_moved);
    test.set.cancel(second);
}

TEST_CASE("a nested run fires what its outer one has left, and nothing twice") {
    Set test;
    TimerNode& first = test.nodes.make(Clock::monotonic, [&] {
        test.fired.push_back(1);
        test.set.run(Budget());
        test.fired.push_back(-1);
    });
    test.set.arm(first, 1);
    test.set.arm(test.make(Clock::monotonic, 2), 2);
    test.set.arm(test.make(Clock::monotonic, 3), 3);
    CHECK(test.set.run(Budget()));
    CHECK(test.fired == std::vector<int>{1, 2, 3, -1});
}

TEST_CASE("a run whose time is up leaves the rest due, in order") {
    Set test;
    for (int number = 1; number <= 3; ++number) {
        test.set.arm(test.make(Clock::monotonic, number), number);
    }
    const bool is_over = false;
    const Budget used_up(1, is_over);
    while (!used_up.is_used_up()) {
    }
    for (std::size_t round = 1; round <= 3; ++round) {
        CHECK(test.set.has_due());
        CHECK(test.set.run(used_up));
        CHECK(test.fired.size() == round);
    }
    CHECK(test.fired == std::vector<int>{1, 2, 3});
    CHECK_FALSE(test.set.has_due());
}

TEST_CASE("the worst lateness is that of the earliest monotonic timer of a round") {
    Set test;
    TimerNode& node = test.make(Clock::monotonic, 1);
    const std::int64_t now = Set::now(Clock::monotonic);
    test.set.arm(test.make(Clock::monotonic, 2), now);
    test.set.arm(node, now - 5'000'000);
    test.set.run(Budget());
    const std::int64_t worst = test.set.worst_lateness();
    CHECK(worst >= 5'000'000);
    test.set.arm(node, Set::now(Clock::monotonic));
    while (!test.set.run(Budget())) {
    }
    CHECK(test.set.worst_lateness() >= worst);
}

}  // namespace nestling::testing
