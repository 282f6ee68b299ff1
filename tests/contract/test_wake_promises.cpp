// SPDX-License-Identifier: MIT
#include <nestling/nestling.hpp>

#include <atomic>
#include <thread>
#include <vector>

#include "support/descriptors.hpp"
#include "support/syscall_counter.hpp"
#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;
using namespace std::chrono_literals;

TEST_CASE("notify() is no progress and leaves nothing to do", "[wake][T15][F3.11][F3.12][F6.6][B-19]") {
    TestLoop loop(each_configuration());
    CHECK_FALSE(loop.look());
    loop.context().notify();
    CHECK_FALSE(loop.look());
    CHECK_FALSE(loop.look());
}

TEST_CASE("notify() from another thread ends a wait in progress, and is no progress", "[wake][T15][F9.3][F3.12]") {
    TestLoop loop(each_configuration());
    for (int round = 0; round < 10; ++round) {
        // GLib wakes itself when it is told what to wait for, and may then not sleep at all.
        loop.run_until_quiet();
        const std::uint64_t asleep = sleeps_begun();
        std::thread waker([&] {
            wait_until_asleep(asleep);
            loop.context().notify();
        });
        CHECK_FALSE(loop.block());
        waker.join();
    }
}

TEST_CASE("after notify() the event is quiet again: the next wait sleeps", "[wake][T15][B-5][B-6]") {
    TestLoop loop(each_configuration());
    bool fired = false;
    Timer timer(loop.context(), "timer", [&] { fired = true; });
    for (int round = 0; round < 5; ++round) {
        loop.run_until_quiet();
        const std::uint64_t asleep = sleeps_begun();
        std::thread waker([&] {
            wait_until_asleep(asleep);
            loop.context().notify();
        });
        CHECK_FALSE(loop.block());
        waker.join();
        loop.run_until_quiet();
        fired = false;
        const std::uint64_t before = sleeps_begun();
        timer.arm_after(3ms);
        loop.run_until([&] { return fired; });
        // A stuck event would make this hundreds. Drivers without a timerfd may look once more.
        CHECK(sleeps_begun() - before <= 2);
    }
}

TEST_CASE("two threads that wake each other in turn never lose a wake", "[wake][stress][B-1][B-3][P1]") {
    const Configuration cell = each_configuration();
    TestLoop loop(cell);
    IoThread other(options_for(cell));
    constexpr int rounds = 3000;
    int home_runs = 0;
    std::atomic<int> away_runs{0};
    BottomHalf home_half;
    BottomHalf away_half(*other.context(), "away", [&] {
        ++away_runs;
        home_half.schedule();
    });
    home_half = BottomHalf(loop.context(), "home", [&] {
        if (++home_runs < rounds) {
            away_half.schedule();
        }
    });
    away_half.schedule();
    loop.run_until([&] { return home_runs == rounds; });
    away_half.remove_and_wait();
    other.stop();
    CHECK(away_runs == rounds);
}

TEST_CASE("what is written before schedule() is seen by the callback that follows, also when it coalesces",
          "[wake][stress][B-2][P7]") {
    TestLoop loop(each_configuration());
    constexpr int last = 20'000;
    // Two words without any order of their own: only schedule() hands them over.
    std::atomic<int> written{0};
    int checks = 0;
    int seen = 0;
    int stale = 0;
    const BottomHalf half(loop.context(), "half", [&] {
        const int now = written.load(std::memory_order_relaxed);
        stale += now < seen ? 1 : 0;
        seen = now;
        ++checks;
    });
    std::thread producer([&] {
        for (int value = 1; value <= last; ++value) {
            written.store(value, std::memory_order_relaxed);
            half.schedule();
        }
    });
    loop.run_until([&] { return seen == last; });
    producer.join();
    CHECK(stale == 0);
    CHECK(checks >= 1);
}

TEST_CASE("nothing that several threads post is lost, and each thread's posts run in order",
          "[wake][stress][B-5][B-7]") {
    TestLoop loop(each_configuration());
    constexpr int producers = 3;
    constexpr int posts = 2000;
    std::vector<int> next(producers, 0);
    int out_of_order = 0;
    int total = 0;
    std::vector<std::thread> threads;
    for (int producer = 0; producer < producers; ++producer) {
        threads.emplace_back([&, producer] {
            for (int number = 0; number < posts; ++number) {
                loop.context().post("post", [&, producer, number] {
                    int& expected = next[static_cast<std::size_t>(producer)];
                    out_of_order += expected == number ? 0 : 1;
                    expected = number + 1;
                    ++total;
                });
            }
        });
    }
    loop.run_until([&] { return total == producers * posts; });
    for (std::thread& thread : threads) {
        thread.join();
    }
    CHECK(out_of_order == 0);
}

TEST_CASE("a loop that another thread tells to stop by a bottom half stops", "[wake][F3.11][B-9][B-11][F20.4]") {
    TestLoop loop(each_configuration());
    for (int round = 0; round < 200; ++round) {
        bool is_running = true;
        std::thread stopper([&] { loop.context().post("stop", [&] { is_running = false; }); });
        while (is_running) {
            loop.block();
        }
        stopper.join();
    }
    CHECK_FALSE(loop.look());
}
