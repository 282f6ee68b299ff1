// SPDX-License-Identifier: MIT
// How many system calls and wake-ups things cost. Counted, never timed.
#include <nestling/nestling.hpp>

#include <thread>
#include <vector>

#include "contract/peace.hpp"
#include "protocol.hpp"
#include "support/descriptors.hpp"
#include "support/gate.hpp"
#include "support/syscall_counter.hpp"
#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;
using namespace std::chrono_literals;

TEST_CASE("schedule() and notify() make no system call while the loop is awake", "[wake][counts][F3.1][F3.4]") {
    TestLoop loop(each_configuration());
    const BottomHalf half(loop.context(), "half", [] {});
    std::string calls = "not counted";
    const BottomHalf at_home(loop.context(), "at home", [&] {
        const SyscallCounter counter;
        for (int i = 0; i < 1000; ++i) {
            half.schedule();
            loop.context().notify();
        }
        calls = counter.text();
    });
    at_home.schedule();
    CHECK(loop.block());
    CHECK(calls == "none");

    const BottomHalf elsewhere(loop.context(), "elsewhere", [&] {
        std::thread([&] {
            const SyscallCounter counter;
            for (int i = 0; i < 1000; ++i) {
                half.schedule();
                loop.context().notify();
            }
            calls = counter.text();
        }).join();
    });
    calls = "not counted";
    elsewhere.schedule();
    CHECK(loop.block());
    CHECK(calls == "none");

    // Between two iterations it is awake as well.
    loop.run_until_quiet();
    const SyscallCounter counter;
    half.schedule();
    loop.context().notify();
    CHECK(counter.text() == "none");
}

TEST_CASE("producers write the event at most once per sleep", "[wake][counts][F3.1][B-54]") {
    TestLoop loop(each_configuration());
    constexpr int rounds = 2000;
    constexpr int producers = 2;
    int done = 0;
    const BottomHalf half(loop.context(), "half", [] {});
    // GLib wakes itself, once, when it is told what to wait for.
    loop.run_until_quiet();
    const SyscallCounter counter;
    const std::uint64_t before = loop.statistics().sleeps;
    std::vector<std::thread> threads;
    for (int i = 0; i < producers; ++i) {
        threads.emplace_back([&] {
            for (int round = 0; round < rounds; ++round) {
                half.schedule();
                loop.context().notify();
            }
            loop.context().post("done", [&] { ++done; });
        });
    }
    loop.run_until([&] { return done == producers; });
    for (std::thread& thread : threads) {
        thread.join();
    }
    const Statistics statistics = loop.statistics();
    CHECK(counter.of(Call::write) == statistics.wakes_written);
    if (writes_once_per_sleep()) {
        CHECK(statistics.wakes_written <= statistics.sleeps - before);
    } else {
        CHECK(statistics.wakes_written <= static_cast<std::uint64_t>(producers) * (2 * rounds + 1));
    }
}

TEST_CASE("an idle loop sleeps once until its timer, and makes no other call meanwhile", "[wake][counts][B-19][B-64]") {
    const Configuration cell = each_configuration();
    // On Windows a timer that an outer loop shall keep exactly sets the one event that this loop waits for.
    const std::uint64_t events = cell.monitor == MonitorKind::win32 && cell.driver != DriverKind::native ? 1 : 0;
    TestLoop loop(cell);
    const Ends ends;
    const FdHandler quiet(loop.context(), ends.near(), "quiet", {.read = [] {}});
    bool fired = false;
    Timer timer(loop.context(), "timer", [&] { fired = true; });
    sleep_a_while(loop, timer, fired);

    std::uint64_t slept = 0;
    // On a busy machine the timer may be due before its loop can sleep, which says nothing.
    for (const std::chrono::milliseconds length : {20ms, 200ms, 2000ms}) {
        fired = false;
        timer.arm_after(length);
        const SyscallCounter counter;
        const std::uint64_t sleeps = sleeps_begun();
        const std::uint64_t iterations = loop.statistics().iterations;
        loop.run_until([&] { return fired; });
        INFO(counter.text());
        slept = sleeps_begun() - sleeps;
        // It may be set once more, late, for what the loop has found already.
        CHECK(slept <= 1 + events);
        CHECK(loop.statistics().iterations - iterations <= 1 + events);
        CHECK(counter.of(Call::write) <= 2 * events);
        CHECK(counter.of(Call::read) <= 2 * events);
        if (slept != 0) {
            break;
        }
    }
    CHECK(slept >= 1);
}

TEST_CASE("poll() that only looks makes no system call when there are bottom halves and no descriptors",
          "[wake][counts][F9.4]") {
    TestLoop loop(each_configuration());
    int runs = 0;
    BottomHalf half;
    half = BottomHalf(loop.context(), "half", [&] {
        if (++runs < 1000) {
            half.schedule();
        }
    });
    half.schedule();
    const SyscallCounter counter;
    while (runs < 1000) {
        CHECK(loop.context().poll(Wait::none));
    }
    CHECK_FALSE(loop.context().poll(Wait::none));
    CHECK(counter.text() == "none");
}

TEST_CASE("each event of a descriptor costs one iteration and one sleep", "[wake][counts][fd][F9.9]") {
    const Configuration cell = each_configuration();
    TestLoop loop(cell);
    const Ends ends;
    int calls = 0;
    const FdHandler handler(loop.context(), ends.near(), "reader", {.read = [&] {
                                ends.take();
                                ++calls;
                            }});
    const std::uint64_t sleeps = sleeps_begun();
    const std::uint64_t iterations = loop.statistics().iterations;
    constexpr int events = 50;
    for (int event = 1; event <= events; ++event) {
        ends.put();
        CHECK(loop.block());
        CHECK(calls == event);
    }
    // Windows tells of a socket that is ready when it is asked, before the sleep.
    CHECK((cell.monitor == MonitorKind::win32 ? sleeps_begun() - sleeps <= events : sleeps_begun() - sleeps == events));
    CHECK(loop.statistics().iterations - iterations == events);
}

TEST_CASE("a bottom half that wakes a sleeping loop costs one write", "[wake][counts][F3.4]") {
    TestLoop loop(each_configuration());
    int runs = 0;
    const BottomHalf half(loop.context(), "half", [&] { ++runs; });
    loop.run_until_quiet();
    for (int round = 1; round <= 20; ++round) {
        const SyscallCounter counter;
        const std::uint64_t asleep = sleeps_begun();
        std::thread producer([&] {
            while (sleeps_begun() == asleep) {
                std::this_thread::yield();
            }
            half.schedule();
        });
        loop.run_until([&] { return runs == round; });
        producer.join();
        CHECK(counter.of(Call::write) == 1);
    }
}

TEST_CASE(
    "native iterations that bottom halves keep busy look at descriptors in one of 64, and find what is ready by then",
    "[wake][counts][fd]") {
    const Configuration cell = each_configuration();
    Context context(options_for(cell, "busy"));
    const Ends ends;
    int reads = 0;
    const FdHandler handler(context, ends.near(), "reader", {.read = [&] {
                                ends.take();
                                ++reads;
                            }});
    BottomHalf half;
    half = BottomHalf(context, "busy", [&] { half.schedule(); });
    half.schedule();
    constexpr int most_apart = 64;
    const SyscallCounter counter;
    for (int iteration = 0; iteration < 20 * most_apart; ++iteration) {
        CHECK(context.poll(Wait::block));
    }
    // More only where the time of many ticks has passed.
    if (cell.monitor == MonitorKind::io_uring) {
        // It sees in memory that nothing has happened. The first asks.
        CHECK(counter.waits() == 1);
    } else {
        CHECK(counter.waits() >= 20);
    }
    CHECK(counter.waits() < 5 * most_apart);
    CHECK(reads == 0);

    ends.put();
    for (int iteration = 0; iteration < most_apart && reads == 0; ++iteration) {
        context.poll(Wait::none);
    }
    CHECK(reads == 1);

    // What is ready is asked for again at once, and so is everything after a notify().
    ends.put();
    context.poll(Wait::none);
    CHECK(reads == 2);
    for (int iteration = 0; iteration < 3; ++iteration) {
        context.poll(Wait::none);
    }
    ends.put();
    context.notify();
    context.poll(Wait::none);
    CHECK(reads == 3);
}
