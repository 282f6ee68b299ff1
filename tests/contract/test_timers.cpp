// SPDX-License-Identifier: MIT
#include <nestling/nestling.hpp>

#include <optional>
#include <string>
#include <vector>

#include "support/syscall_counter.hpp"
#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;
using namespace std::chrono_literals;
using std::chrono::nanoseconds;

TEST_CASE("a timer never fires early, is progress, and can be armed again in its callback",
          "[timer][T12][T28][F14.3]") {
    TestLoop loop(each_configuration());
    int fired = 0;
    int early = 0;
    nanoseconds deadline{0};
    Timer timer;
    timer = Timer(loop.context(), "timer", [&] {
        early += clock_now(Clock::monotonic) < deadline ? 1 : 0;
        if (++fired < 20) {
            deadline = clock_now(Clock::monotonic) + 700us;
            timer.arm_at(deadline);
        }
    });
    deadline = clock_now(Clock::monotonic) + 3ms;
    timer.arm_at(deadline);
    CHECK(timer.is_armed());
    CHECK(timer.deadline() == deadline);
    bool progress = false;
    while (fired == 0 && clock_now(Clock::monotonic) < deadline - 1ms) {
        progress = loop.look();
    }
    while (fired == 0) {
        progress = loop.block();
    }
    CHECK(progress);
    loop.run_until([&] { return fired == 20; });
    CHECK(early == 0);
    CHECK_FALSE(timer.is_armed());
    CHECK(timer.deadline() < 0ns);
    CHECK_FALSE(loop.look());
}

TEST_CASE("a timer that is due fires in an iteration that only looks", "[timer][T28][F14.8][B-70]") {
    TestLoop loop(each_configuration());
    int fired = 0;
    Timer timer(loop.context(), "timer", [&] { ++fired; });
    timer.arm_at(clock_now(Clock::monotonic));
    CHECK(loop.look());
    CHECK(fired == 1);
    timer.arm_at(nanoseconds(0));
    CHECK(loop.look());
    CHECK(fired == 2);
    timer.arm_at(nanoseconds(-5));
    CHECK(loop.look());
    CHECK(fired == 3);
}

TEST_CASE("timers fire in order of deadline, and in order of arming among equals", "[timer][F14.3]") {
    TestLoop loop(each_configuration());
    std::string order;
    std::vector<Timer> timers;
    const char* const names[] = {"a", "b", "c", "d", "e"};
    for (const char* name : names) {
        timers.emplace_back(loop.context(), name, [&order, name] { order += name; });
    }
    const nanoseconds now = clock_now(Clock::monotonic);
    timers[0].arm_at(now - 1ms);
    timers[1].arm_at(now - 2ms);
    timers[2].arm_at(now - 1ms);
    timers[3].arm_at(now - 2ms);
    timers[4].arm_at(now - 1ms);
    // Arming again takes a new place among equals.
    timers[0].arm_at(now - 1ms);
    CHECK(loop.look());
    CHECK(order == "bdcea");
}

TEST_CASE("a timer armed in the past by a callback runs in the next round", "[timer][F14.7]") {
    TestLoop loop(each_configuration());
    int fired = 0;
    Timer timer;
    timer = Timer(loop.context(), "eager", [&] {
        if (++fired < 5) {
            timer.arm_at(nanoseconds(0));
        }
    });
    timer.arm_at(nanoseconds(0));
    for (int round = 1; round <= 5; ++round) {
        CHECK(loop.block());
        CHECK(fired == round);
    }
    CHECK_FALSE(loop.look());
}

TEST_CASE("anticipate() only moves a timer earlier, and arms one that is not armed", "[timer][F14.4]") {
    TestLoop loop(each_configuration());
    Timer timer(loop.context(), "timer", [] {});
    const nanoseconds soon = clock_now(Clock::monotonic) + 1h;
    timer.anticipate(soon);
    CHECK(timer.deadline() == soon);
    timer.anticipate(soon + 1h);
    CHECK(timer.deadline() == soon);
    timer.anticipate(soon - 1min);
    CHECK(timer.deadline() == soon - 1min);
    timer.cancel();
    CHECK_FALSE(timer.is_armed());
}

TEST_CASE("a cancelled timer does not fire, also when an earlier one of its round cancels it", "[timer][F14.4][B-70]") {
    TestLoop loop(each_configuration());
    int fired = 0;
    Timer victim(loop.context(), "victim", [&] { fired += 10; });
    std::optional<Timer> deleted;
    deleted.emplace(loop.context(), "deleted", [&] { fired += 100; });
    Timer killer(loop.context(), "killer", [&] {
        ++fired;
        victim.cancel();
        deleted.reset();
    });
    const nanoseconds past = clock_now(Clock::monotonic) - 1ms;
    killer.arm_at(past);
    victim.arm_at(past);
    deleted->arm_at(past);
    CHECK(loop.look());
    CHECK(fired == 1);
    CHECK_FALSE(loop.look());
}

TEST_CASE("a timer may be destroyed in its own callback", "[timer]") {
    TestLoop loop(each_configuration());
    const auto owned = std::make_shared<int>(3);
    int seen = 0;
    std::optional<Timer> timer;
    timer.emplace(loop.context(), "timer", [&, mine = owned] {
        timer->arm_after(0ns);
        timer.reset();
        seen = *mine;
    });
    timer->arm_after(0ns);
    CHECK(loop.block());
    CHECK(seen == 3);
    CHECK_FALSE(loop.look());
    CHECK(owned.use_count() == 1);
}

TEST_CASE("a timer armed before the one that the loop would sleep for comes first", "[timer][F14.6][B-48]") {
    TestLoop loop(each_configuration());
    std::string order;
    Timer late(loop.context(), "late", [&] { order += 'l'; });
    Timer early(loop.context(), "early", [&] { order += 'e'; });
    late.arm_after(20ms);
    CHECK_FALSE(loop.look());
    early.arm_after(1ms);
    loop.run_until([&] { return order.size() == 2; });
    CHECK(order == "el");
}

TEST_CASE("a wall clock timer fires when its time has come and not before", "[timer][wall][F14.1]") {
    TestLoop loop(each_configuration());
    int fired = 0;
    nanoseconds deadline = clock_now(Clock::wall) + 2ms;
    bool early = false;
    Timer timer(
        loop.context(), "wall",
        [&] {
            ++fired;
            early = clock_now(Clock::wall) < deadline;
        },
        Clock::wall);
    timer.arm_at(deadline);
    loop.run_until([&] { return fired == 1; });
    CHECK_FALSE(early);
    deadline = clock_now(Clock::wall) - 1s;
    timer.arm_at(deadline);
    CHECK(loop.look());
    CHECK(fired == 2);
    timer.arm_after(1h);
    CHECK_FALSE(loop.look());
    timer.cancel();
    CHECK_FALSE(timer.is_armed());
}

TEST_CASE("all three clocks together fire each timer once", "[timer][F14.5]") {
    TestLoop loop(each_configuration());
    std::string order;
    Timer monotonic(loop.context(), "m", [&] { order += 'm'; });
    Timer wall(
        loop.context(), "w", [&] { order += 'w'; }, Clock::wall);
    Timer simulated(
        loop.context(), "v", [&] { order += 'v'; }, Clock::virtual_time);
    monotonic.arm_after(1ms);
    wall.arm_after(2ms);
    simulated.arm_after(1h);
    loop.run_until([&] { return order.size() == 2; });
    loop.context().advance_virtual_time(1h);
    CHECK(loop.block());
    CHECK(order.size() == 3);
    CHECK(order.back() == 'v');
    CHECK_FALSE(loop.look());
}
