// SPDX-License-Identifier: MIT
#include <nestling/nestling.hpp>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "support/syscall_counter.hpp"
#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;
using namespace std::chrono_literals;

TEST_CASE("a timer armed by another thread wakes the sleeping loop", "[timer][threads][F14.3][F14.6]") {
    TestLoop loop(each_configuration());
    for (int round = 0; round < 5; ++round) {
        bool fired = false;
        Timer timer(loop.context(), "timer", [&] { fired = true; });
        const std::uint64_t asleep = sleeps_begun();
        std::thread armer([&] {
            while (sleeps_begun() == asleep) {
                std::this_thread::yield();
            }
            timer.arm_after(100us);
        });
        loop.run_until([&] { return fired; });
        armer.join();
        CHECK(fired);
    }
}

TEST_CASE("another thread's changes of a timer are made in the order in which it made them", "[timer][threads]") {
    TestLoop loop(each_configuration());
    int fired = 0;
    Timer timer(loop.context(), "timer", [&] { ++fired; });
    const auto far = clock_now(Clock::monotonic) + 1h;
    std::thread([&] {
        timer.arm_after(0ns);
        timer.cancel();
        timer.arm_at(far + 1h);
        timer.anticipate(far);
        timer.anticipate(far + 2h);
    }).join();
    loop.run_until_quiet();
    CHECK(fired == 0);
    CHECK(timer.is_armed());
    CHECK(timer.deadline() == far);
}

TEST_CASE("a timer destroyed at home while requests of another thread are on their way never fires",
          "[timer][threads][B-13]") {
    TestLoop loop(each_configuration());
    int fired = 0;
    for (int round = 0; round < 50; ++round) {
        Timer timer(loop.context(), "timer", [&] { ++fired; });
        std::thread([&] {
            for (int i = 0; i < 10; ++i) {
                timer.arm_after(0ns);
            }
        }).join();
        // The requests have not been carried out, and the timer goes here.
    }
    loop.run_until_quiet();
    CHECK(fired == 0);
    CHECK_FALSE(loop.look());
}

TEST_CASE("a timer destroyed by another thread while it is due is called at most until the removal is complete",
          "[timer][threads][F14.4]") {
    TestLoop loop(each_configuration());
    std::atomic<int> fired{0};
    std::atomic<bool> is_removed{false};
    std::atomic<int> after{0};
    Timer timer;
    timer = Timer(loop.context(), "timer", [&] {
        ++fired;
        after += is_removed ? 1 : 0;
    });
    bool done = false;
    std::thread remover([&] {
        for (int i = 0; i < 100; ++i) {
            timer.arm_after(0ns);
        }
        timer.remove_and_wait();
        is_removed = true;
        loop.context().post("done", [&] { done = true; });
    });
    loop.run_until([&] { return done; });
    remover.join();
    CHECK(after == 0);
    CHECK_FALSE(static_cast<bool>(timer));
}
