// SPDX-License-Identifier: MIT
// The virtual clock makes whole schedules of timers exact and fast.
#include <nestling/nestling.hpp>

#include <algorithm>
#include <random>
#include <vector>

#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;
using namespace std::chrono_literals;
using std::chrono::nanoseconds;

TEST_CASE("the virtual clock stands still until it is moved", "[timer][virtual][F14.1]") {
    TestLoop loop(each_configuration());
    int fired = 0;
    Timer timer(
        loop.context(), "virtual", [&] { ++fired; }, Clock::virtual_time);
    CHECK(loop.context().virtual_time() == 0ns);
    timer.arm_after(10ns);
    CHECK_FALSE(loop.look());
    loop.context().advance_virtual_time(9ns);
    CHECK_FALSE(loop.look());
    loop.context().advance_virtual_time(1ns);
    CHECK(loop.context().virtual_time() == 10ns);
    CHECK(fired == 0);
    CHECK(loop.block());
    CHECK(fired == 1);
}

TEST_CASE("10,000 virtual timers fire exactly when they are due, in order", "[timer][virtual][F14.3][B-70]") {
    TestLoop loop(each_configuration());
    constexpr std::size_t count = 10'000;
    constexpr std::int64_t range = 50'000'000;
    struct Entry {
        Timer timer;
        std::int64_t deadline = 0;
    };
    std::vector<Entry> entries(count);
    std::mt19937 random(20'240'601);
    std::uniform_int_distribution<std::int64_t> distribution(0, range);
    std::size_t fired = 0;
    std::size_t wrong = 0;
    std::size_t cancelled = 0;
    std::int64_t last = -1;
    std::int64_t previous_now = -1;
    for (Entry& entry : entries) {
        entry.timer = Timer(
            loop.context(), "virtual",
            [&] {
                const std::int64_t now = loop.context().virtual_time().count();
                // Not early, not a step late, and none before it that was due later.
                wrong += entry.deadline > now || entry.deadline <= previous_now || entry.deadline < last ? 1 : 0;
                last = entry.deadline;
                ++fired;
            },
            Clock::virtual_time);
        entry.deadline = distribution(random);
        entry.timer.arm_at(nanoseconds(entry.deadline));
    }
    for (std::size_t at = 0; at < count; at += 7) {
        entries[at].timer.cancel();
        ++cancelled;
    }
    for (std::size_t at = 0; at < count; at += 11) {
        if (entries[at].timer.is_armed()) {
            entries[at].deadline = distribution(random);
            entries[at].timer.arm_at(nanoseconds(entries[at].deadline));
        }
    }
    loop.run_until_quiet();
    previous_now = loop.context().virtual_time().count();
    std::uniform_int_distribution<std::int64_t> steps(1, range / 500);
    while (previous_now <= range) {
        loop.context().advance_virtual_time(nanoseconds(steps(random)));
        loop.look();
        previous_now = loop.context().virtual_time().count();
    }
    CHECK(wrong == 0);
    CHECK(fired == count - cancelled);
    CHECK_FALSE(loop.look());
}

TEST_CASE("a virtual timer far away does not keep near ones from firing at their time", "[timer][virtual]") {
    TestLoop loop(each_configuration());
    std::vector<std::int64_t> fired_at;
    std::vector<Timer> timers;
    std::vector<std::int64_t> deadlines;
    for (std::int64_t deadline = 1; deadline < std::int64_t{1} << 60; deadline *= 8) {
        deadlines.push_back(deadline);
        timers.emplace_back(
            loop.context(), "power", [&] { fired_at.push_back(loop.context().virtual_time().count()); },
            Clock::virtual_time);
        timers.back().arm_at(nanoseconds(deadline));
    }
    for (const std::int64_t deadline : deadlines) {
        loop.context().advance_virtual_time(nanoseconds(deadline - 1) - loop.context().virtual_time());
        CHECK_FALSE(loop.look());
        loop.context().advance_virtual_time(1ns);
        CHECK(loop.look());
    }
    CHECK(fired_at == deadlines);
}
