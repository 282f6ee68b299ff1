// SPDX-License-Identifier: MIT
// Handles that come and go on other threads while the loop is busy.
#include <nestling/nestling.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "support/descriptors.hpp"
#include "support/syscall_counter.hpp"
#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;

TEST_CASE("threads that add and remove ready handlers under load leave nothing behind",
          "[fd][threads][stress][B-39][B-21][F8.5]") {
    TestLoop loop(each_configuration());
    constexpr int threads_count = 3;
    constexpr int rounds = 300;
    std::atomic<int> calls{0};
    std::atomic<int> late_calls{0};
    int done = 0;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < threads_count; ++thread) {
        threads.emplace_back([&] {
            for (int round = 0; round < rounds; ++round) {
                const Ends ends;
                ends.put();
                const auto is_gone = std::make_shared<std::atomic<bool>>(false);
                FdHandler handler(loop.context(), ends.near(), "churn", {.read = [&, is_gone] {
                                      ++calls;
                                      late_calls += is_gone->load() ? 1 : 0;
                                  }});
                if (round % 3 != 0) {
                    std::this_thread::yield();
                }
                handler.remove_and_wait();
                is_gone->store(true);
                // The ends are closed here, and the numbers go to the next round of some thread.
            }
            loop.context().post("done", [&] { ++done; });
        });
    }
    loop.run_until([&] { return done == threads_count; });
    for (std::thread& thread : threads) {
        thread.join();
    }
    loop.run_until_quiet();
    CHECK(late_calls == 0);
    CHECK_FALSE(loop.look());
    CHECK(loop.context().report_closed_fds() == 0);
}

TEST_CASE("bottom halves and timers that other threads create and destroy under load leave nothing behind",
          "[bh][timer][threads][stress][B-12][B-33]") {
    TestLoop loop(each_configuration());
    constexpr int threads_count = 2;
    constexpr int rounds = 500;
    std::atomic<int> late_calls{0};
    int done = 0;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < threads_count; ++thread) {
        threads.emplace_back([&] {
            for (int round = 0; round < rounds; ++round) {
                const auto is_gone = std::make_shared<std::atomic<bool>>(false);
                BottomHalf half(loop.context(), "churn", [&, is_gone] { late_calls += is_gone->load() ? 1 : 0; });
                Timer timer(loop.context(), "churn timer", [&, is_gone] { late_calls += is_gone->load() ? 1 : 0; });
                half.schedule();
                timer.arm_after(std::chrono::nanoseconds(0));
                if (round % 2 == 0) {
                    half.remove_and_wait();
                    timer.remove_and_wait();
                    is_gone->store(true);
                }
            }
            loop.context().post("done", [&] { ++done; });
        });
    }
    loop.run_until([&] { return done == threads_count; });
    for (std::thread& thread : threads) {
        thread.join();
    }
    loop.run_until_quiet();
    CHECK(late_calls == 0);
    CHECK_FALSE(loop.look());
}
