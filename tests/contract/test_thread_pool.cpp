// SPDX-License-Identifier: MIT
#include <nestling/nestling.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "support/gate.hpp"
#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;

namespace {
std::shared_ptr<ThreadPool> pool_of(std::size_t threads, std::size_t limit = 1024) {
    ThreadPoolOptions options;
    options.max_threads = threads;
    options.queue_limit = limit;
    return std::make_shared<ThreadPool>(options);
}
}  // namespace

TEST_CASE("a job whose completion does nothing runs", "[pool][T39]") {
    TestLoop loop(each_configuration());
    const auto pool = pool_of(2);
    WorkQueue queue(loop.context(), pool, "queue");
    std::atomic<int> runs{0};
    REQUIRE_FALSE(queue.submit([&] { ++runs; }, [](Outcome<void>) {}));
    loop.run_until([&] { return queue.pending() == 0; });
    CHECK(runs == 1);
}

TEST_CASE("a completion is delivered once, at home, with the result, and never inside submit()",
          "[pool][T40][B-45][F15.2]") {
    TestLoop loop(each_configuration());
    const auto pool = pool_of(2);
    WorkQueue queue(loop.context(), pool, "queue");
    int completions = 0;
    int result = 0;
    bool was_home = false;
    bool worker_was_home = true;
    REQUIRE_FALSE(queue.submit(
        [&] {
            worker_was_home = loop.context().is_home();
            return 99;
        },
        [&](Outcome<int> outcome) {
            ++completions;
            was_home = loop.context().is_home();
            result = outcome.value();
        }));
    CHECK(completions == 0);
    CHECK(queue.pending() == 1);
    loop.run_until([&] { return queue.pending() == 0; });
    CHECK(completions == 1);
    CHECK(result == 99);
    CHECK(was_home);
    CHECK_FALSE(worker_was_home);
    CHECK_FALSE(loop.look());
}

TEST_CASE("of many more jobs than threads each runs once and completes once", "[pool][T42][F15.4]") {
    TestLoop loop(each_configuration());
    const auto pool = pool_of(3);
    WorkQueue queue(loop.context(), pool, "queue");
    constexpr std::size_t jobs = 100;
    std::vector<std::atomic<int>> runs(jobs);
    std::vector<int> completions(jobs, 0);
    for (std::size_t job = 0; job < jobs; ++job) {
        REQUIRE_FALSE(queue.submit([&, job] { ++runs[job]; }, [&, job](Outcome<void>) { ++completions[job]; }));
    }
    loop.run_until([&] { return queue.pending() == 0; });
    int wrong = 0;
    for (std::size_t job = 0; job < jobs; ++job) {
        wrong += runs[job] == 1 && completions[job] == 1 ? 0 : 1;
    }
    CHECK(wrong == 0);
    CHECK(pool->threads() <= 3);
}

TEST_CASE("jobs cancelled before they start never run and complete as cancelled, the others as usual",
          "[pool][T43][T44][B-43][F15.6]") {
    TestLoop loop(each_configuration());
    const auto pool = pool_of(2);
    WorkQueue queue(loop.context(), pool, "queue");
    constexpr std::size_t jobs = 100;
    Gate gate;
    std::atomic<int> runs{0};
    int cancelled = 0;
    int finished = 0;
    std::vector<Job> handles(jobs);
    for (std::size_t job = 0; job < jobs; ++job) {
        REQUIRE_FALSE(queue.submit(
            [&] {
                ++runs;
                gate.wait();
            },
            [&](Outcome<void> outcome) { (outcome.cancelled() ? cancelled : finished) += 1; }, &handles[job]));
    }
    // Both threads are in a job, so all others wait.
    while (runs < 2) {
        loop.look();
        std::this_thread::yield();
    }
    int accepted = 0;
    for (Job& job : handles) {
        accepted += job.cancel() ? 1 : 0;
    }
    CHECK(accepted == jobs - 2);
    for (Job& job : handles) {
        CHECK_FALSE(job.cancel());
    }
    // Nothing is delivered inside cancel().
    CHECK(finished == 0);
    loop.run_until([&] { return cancelled == accepted; });
    CHECK(finished == 0);
    gate.open();
    loop.run_until([&] { return queue.pending() == 0; });
    CHECK(finished == 2);
    CHECK(runs == 2);
    CHECK(cancelled == static_cast<int>(jobs) - 2);
}

TEST_CASE("a completion may wait for another job with poll()", "[pool][nesting][F15.5][B-43]") {
    TestLoop loop(each_configuration());
    const auto pool = pool_of(2);
    WorkQueue queue(loop.context(), pool, "queue");
    Gate gate;
    bool second_done = false;
    bool first_done = false;
    REQUIRE_FALSE(queue.submit([&] { gate.wait(); }, [&](Outcome<void>) { second_done = true; }));
    REQUIRE_FALSE(queue.submit([] {},
                               [&](Outcome<void>) {
                                   gate.open();
                                   while (!second_done) {
                                       loop.context().poll(Wait::block);
                                   }
                                   first_done = true;
                               }));
    loop.run_until([&] { return first_done; });
    CHECK(second_done);
    CHECK(queue.pending() == 0);
    // B-43's second form: what kept the completions alive must not keep the loop awake.
    CHECK_FALSE(loop.look());
}

TEST_CASE("what a job throws arrives with its completion", "[pool][throws]") {
    TestLoop loop(each_configuration());
    const auto pool = pool_of(1);
    WorkQueue queue(loop.context(), pool, "queue");
    std::string text;
    REQUIRE_FALSE(queue.submit([]() -> int { throw std::runtime_error("from the job"); },
                               [&](Outcome<int> outcome) {
                                   CHECK(outcome.failed());
                                   try {
                                       outcome.value();
                                   } catch (const std::runtime_error& error) {
                                       text = error.what();
                                   }
                               }));
    loop.run_until([&] { return queue.pending() == 0; });
    CHECK(text == "from the job");
}

TEST_CASE("a full pool refuses a job and calls neither of its functions", "[pool][F15.1]") {
    TestLoop loop(each_configuration());
    const auto pool = pool_of(1, 2);
    WorkQueue queue(loop.context(), pool, "queue");
    Gate gate;
    Gate inside;
    int completions = 0;
    std::atomic<int> refused_runs{0};
    REQUIRE_FALSE(queue.submit(
        [&] {
            inside.open();
            gate.wait();
        },
        [&](Outcome<void>) { ++completions; }));
    inside.wait();
    REQUIRE_FALSE(queue.submit([] {}, [&](Outcome<void>) { ++completions; }));
    REQUIRE_FALSE(queue.submit([] {}, [&](Outcome<void>) { ++completions; }));
    CHECK(pool->queued() == 2);
    const std::error_code error = queue.submit([&] { ++refused_runs; }, [&](Outcome<void>) { completions += 100; });
    CHECK(error == std::errc::resource_unavailable_try_again);
    gate.open();
    loop.run_until([&] { return queue.pending() == 0; });
    CHECK(completions == 3);
    CHECK(refused_runs == 0);
}

TEST_CASE("a queue that goes waits for what runs, and delivers nothing afterwards", "[pool][F15.7][B-43]") {
    TestLoop loop(each_configuration());
    const auto pool = pool_of(1);
    std::atomic<bool> has_ended{false};
    int completions = 0;
    const auto owned = std::make_shared<int>(0);
    {
        WorkQueue queue(loop.context(), pool, "queue");
        Gate inside;
        REQUIRE_FALSE(queue.submit(
            [&] {
                inside.open();
                // Long enough for a queue that does not wait to be gone.
                const auto until = clock_now(Clock::monotonic) + std::chrono::milliseconds(2);
                while (clock_now(Clock::monotonic) < until) {
                    std::this_thread::yield();
                }
                has_ended = true;
            },
            [&, mine = owned](Outcome<void>) { ++completions; }));
        REQUIRE_FALSE(queue.submit([] {}, [&, mine = owned](Outcome<void>) { ++completions; }));
        inside.wait();
    }
    CHECK(has_ended);
    loop.run_until_quiet();
    CHECK(completions == 0);
    CHECK(owned.use_count() == 1);
}
