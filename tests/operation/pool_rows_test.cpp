// SPDX-License-Identifier: MIT
// Rows of the contracts on thread pools and I/O threads that have no test of their own elsewhere.
#include <nestling/nestling.hpp>

#include <array>
#include <memory>
#include <numeric>
#include <thread>
#include <vector>

#include "operation/run_there.hpp"
#include "support/gate.hpp"
#include "support/testing.hpp"
#include "unit/until.hpp"

using namespace nestling;
using namespace nestling::testing;

namespace {

std::shared_ptr<ThreadPool> pool_of(std::size_t threads) {
    ThreadPoolOptions options;
    options.max_threads = threads;
    return std::make_shared<ThreadPool>(options);
}

}  // namespace

TEST_CASE("jobs start in the order of submission, and end on the home thread", "[pool][F15.2]") {
    Context context;
    const auto pool = pool_of(1);
    WorkQueue queue(context, pool, "queue");
    constexpr int jobs = 100;
    std::vector<int> started;
    std::vector<int> ended;
    int elsewhere = 0;
    int here = 0;
    const auto home = std::this_thread::get_id();
    for (int job = 0; job != jobs; ++job) {
        REQUIRE_FALSE(queue.submit(
            [&started, &elsewhere, home, job] {
                // One thread: nobody else writes.
                started.push_back(job);
                elsewhere += std::this_thread::get_id() == home ? 0 : 1;
                return job;
            },
            [&](Outcome<int> outcome) {
                ended.push_back(outcome.value());
                here += context.is_home() ? 1 : 0;
            }));
    }
    CHECK(ended.empty());
    poll_until(context, [&] { return queue.pending() == 0; });
    std::vector<int> expected(jobs);
    std::iota(expected.begin(), expected.end(), 0);
    CHECK(started == expected);
    CHECK(ended == expected);
    CHECK(elsewhere == jobs);
    CHECK(here == jobs);
}

TEST_CASE("a job starts without an iteration of the loop that submitted it", "[pool][F15.3]") {
    Context context;
    const auto pool = pool_of(3);
    WorkQueue queue(context, pool, "queue");
    std::array<Gate, 3> started;
    Gate gate;
    for (Gate& each : started) {
        REQUIRE_FALSE(queue.submit(
            [&each, &gate] {
                each.open();
                gate.wait();
            },
            [](auto) {}));
    }
    // All three at once: each submission made its thread.
    for (Gate& each : started) {
        each.wait();
    }
    CHECK(pool->threads() == 3);
    CHECK(context.statistics().iterations == 0);
    gate.open();
    poll_until(context, [&] { return queue.pending() == 0; });
}

TEST_CASE("what a job has written is seen by its completion, and what was written before by the job",
          "[pool][F15.4][B-43]") {
    Context context;
    const auto pool = pool_of(4);
    WorkQueue queue(context, pool, "queue");
    constexpr int rounds = 2000;
    std::uint64_t sum = 0;
    for (int round = 0; round != rounds; ++round) {
        // Plain data: a sanitizer that watches threads would see a race.
        auto data = std::make_unique<std::array<int, 4>>();
        (*data)[0] = round;
        auto* const seen = data.get();
        REQUIRE_FALSE(queue.submit(
            [seen] {
                (*seen)[1] = (*seen)[0];
                (*seen)[2] = (*seen)[1];
            },
            [owned = std::move(data), &sum](auto) { sum += static_cast<std::uint64_t>((*owned)[2]); }));
        if (round % 500 == 499) {
            poll_until(context, [&] { return queue.pending() == 0; });
        }
    }
    CHECK(sum == std::uint64_t{rounds} * (rounds - 1) / 2);
}

TEST_CASE("a job that waits can be cancelled, and its completion comes all the same; one that runs ends as ever",
          "[pool][F15.6]") {
    Context context;
    const auto pool = pool_of(1);
    WorkQueue queue(context, pool, "queue");
    Gate started;
    Gate gate;
    int ran = 0;
    std::vector<int> outcomes;
    Job running;
    Job waiting;
    const auto note = [&outcomes](Outcome<int> outcome) {
        outcomes.push_back(outcome.cancelled() ? -1 : outcome.value());
    };
    REQUIRE_FALSE(queue.submit(
        [&] {
            started.open();
            gate.wait();
            return 1;
        },
        note, &running));
    started.wait();
    REQUIRE_FALSE(queue.submit([&ran] { return ++ran; }, note, &waiting));
    CHECK_FALSE(running.cancel());
    CHECK(waiting.cancel());
    CHECK_FALSE(waiting.cancel());
    CHECK(outcomes.empty());
    poll_until(context, [&] { return outcomes.size() == 1; });
    gate.open();
    poll_until(context, [&] { return outcomes.size() == 2; });
    CHECK(outcomes == std::vector<int>{-1, 1});
    CHECK(ran == 0);
    CHECK(queue.pending() == 0);
}

TEST_CASE("a pool belongs to no context: many share it, and each waits for its own jobs", "[pool][F15.8]") {
    Context context;
    IoThread thread;
    const auto pool = pool_of(2);
    WorkQueue here(context, pool, "here");
    std::unique_ptr<WorkQueue> there;
    int here_done = 0;
    int there_done = 0;
    Gate all_there;
    run_there(*thread.context(), [&] {
        there = std::make_unique<WorkQueue>(*thread.context(), pool, "there");
        for (int at = 0; at != 50; ++at) {
            static_cast<void>(there->submit([] {},
                                            [&](auto) {
                                                if (++there_done == 50) {
                                                    all_there.open();
                                                }
                                            }));
        }
    });
    for (int at = 0; at != 50; ++at) {
        REQUIRE_FALSE(here.submit([] {}, [&](auto) { ++here_done; }));
    }
    // All that this context has asked for.
    poll_until(context, [&] { return here.pending() == 0; });
    CHECK(here_done == 50);
    all_there.wait();
    run_there(*thread.context(), [&] { there.reset(); });
    CHECK(there_done == 50);
    CHECK(pool->queued() == 0);
}

TEST_CASE("who uses the context of a thread keeps it, and it outlives the thread", "[iothread][F19.7]") {
    std::shared_ptr<Context> kept;
    {
        const IoThread thread;
        kept = thread.context();
        CHECK(kept.use_count() >= 2);
    }
    CHECK(kept.use_count() == 1);
    int runs = 0;
    kept->adopt_home();
    kept->post("post", [&] { ++runs; });
    kept->poll(Wait::block);
    CHECK(runs == 1);
}
