// SPDX-License-Identifier: MIT
#include <nestling/thread_pool.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <vector>

#include "support/gate.hpp"
#include "support/testing.hpp"
#include "unit/until.hpp"
#include "unit/work.hpp"

namespace nestling::testing {

TEST_CASE("an outcome is the value, what was thrown, or cancelled") {
    Context context;
    const auto pool = make_pool(1);
    WorkQueue queue(context, pool, "queue");
    int checks = 0;
    REQUIRE_FALSE(queue.submit([] { return std::make_unique<int>(5); },
                               [&](Outcome<std::unique_ptr<int>> outcome) {
                                   ++checks;
                                   CHECK_FALSE(outcome.cancelled());
                                   CHECK_FALSE(outcome.failed());
                                   CHECK(outcome.error() == nullptr);
                                   CHECK(*outcome.value() == 5);
                               }));
    REQUIRE_FALSE(queue.submit([]() -> int { throw std::runtime_error("reason"); },
                               [&](Outcome<int> outcome) {
                                   ++checks;
                                   CHECK(outcome.failed());
                                   CHECK_FALSE(outcome.cancelled());
                                   CHECK(outcome.error() != nullptr);
                                   CHECK_THROWS_AS(outcome.value(), std::runtime_error);
                               }));
    REQUIRE_FALSE(queue.submit([] { throw 3; },
                               [&](Outcome<void> outcome) {
                                   ++checks;
                                   CHECK(outcome.failed());
                                   CHECK_THROWS_AS(outcome.value(), int);
                               }));
    poll_until(context, [&] { return queue.pending() == 0; });
    BusyThread busy(queue);
    Job job;
    REQUIRE_FALSE(queue.submit([] { return 1; },
                               [&](Outcome<int> outcome) {
                                   ++checks;
                                   CHECK(outcome.cancelled());
                                   CHECK_FALSE(outcome.failed());
                                   CHECK_THROWS_AS(outcome.value(), std::system_error);
                               },
                               &job));
    CHECK(job.cancel());
    poll_until(context, [&] { return checks == 4; });
    busy.open();
    poll_until(context, [&] { return queue.pending() == 0; });
}

TEST_CASE("a job is cancelled once and only while it waits; then it never runs, and is delivered as cancelled") {
    Context context;
    const auto pool = make_pool(1);
    WorkQueue queue(context, pool, "queue");
    BusyThread busy(queue);
    int ran = 0;
    std::vector<int> delivered;
    std::vector<Job> jobs(5);
    for (std::size_t index = 0; index < jobs.size(); ++index) {
        REQUIRE_FALSE(queue.submit([&ran] { ++ran; },
                                   [&delivered, number = static_cast<int>(index)](const Outcome<void>& outcome) {
                                       delivered.push_back(outcome.cancelled() ? -number : number);
                                   },
                                   &jobs[index]));
    }
    CHECK(pool->queued() == 5);
    for (const std::size_t index : {3U, 1U}) {
        CHECK(jobs[index].cancel());
        CHECK_FALSE(jobs[index].cancel());
    }
    CHECK(pool->queued() == 3);
    CHECK(delivered.empty());
    poll_until(context, [&] { return delivered.size() == 2; });
    CHECK(delivered == std::vector<int>{-3, -1});
    busy.open();
    poll_until(context, [&] { return queue.pending() == 0; });
    CHECK(delivered == std::vector<int>{-3, -1, 0, 2, 4});
    CHECK(ran == 3);
    for (Job& job : jobs) {
        CHECK_FALSE(job.cancel());
    }
    CHECK_FALSE(Job().cancel());
}

TEST_CASE("a running job cannot be cancelled") {
    Context context;
    const auto pool = make_pool(1);
    WorkQueue queue(context, pool, "queue");
    Gate started;
    Gate gate;
    bool was_cancelled = true;
    Job job;
    REQUIRE_FALSE(queue.submit(
        [&] {
            started.open();
            gate.wait();
        },
        [&](const Outcome<void>& outcome) { was_cancelled = outcome.cancelled(); }, &job));
    started.wait();
    CHECK_FALSE(job.cancel());
    gate.open();
    poll_until(context, [&] { return queue.pending() == 0; });
    CHECK_FALSE(was_cancelled);
}

TEST_CASE("jobs are cancelled by another thread while they run, and each is delivered exactly once") {
    Context context;
    const auto pool = make_pool(2, 100000);
    WorkQueue queue(context, pool, "queue");
    constexpr std::size_t count = 3000;
    std::vector<Job> jobs(count);
    std::atomic<int> ran{0};
    int completed = 0;
    int cancelled = 0;
    for (Job& job : jobs) {
        REQUIRE_FALSE(
            queue.submit([&ran] { ran.fetch_add(1); },
                         [&](const Outcome<void>& outcome) { ++(outcome.cancelled() ? cancelled : completed); }, &job));
    }
    int successes = 0;
    std::thread other([&] {
        for (std::size_t index = count; index > 0; index -= 2) {
            successes += jobs[index - 1].cancel() ? 1 : 0;
        }
    });
    poll_until(context, [&] { return queue.pending() == 0; });
    other.join();
    CHECK(cancelled == successes);
    CHECK(completed == ran.load());
    CHECK(completed + cancelled == static_cast<int>(count));
}

TEST_CASE("what a completion owns is destroyed when it has run, also while somebody holds on to the job") {
    Context context;
    const auto pool = make_pool(1);
    WorkQueue queue(context, pool, "queue");
    const auto token = std::make_shared<int>(0);
    Job job;
    BusyThread busy(queue);
    REQUIRE_FALSE(queue.submit([token] {}, [token](const Outcome<void>&) {}, &job));
    CHECK(token.use_count() == 3);
    busy.open();
    poll_until(context, [&] { return queue.pending() == 0; });
    CHECK(static_cast<bool>(job));
    CHECK(token.use_count() == 1);
}

TEST_CASE("a completion that owns its own job is no circle") {
    Context context;
    const auto pool = make_pool(1);
    const auto token = std::make_shared<int>(0);
    {
        WorkQueue queue(context, pool, "queue");
        BusyThread busy(queue);
        for (int count = 0; count < 2; ++count) {
            const auto job = std::make_shared<Job>();
            REQUIRE_FALSE(queue.submit([] {}, [job, token](const Outcome<void>&) {}, job.get()));
            if (count == 0) {
                CHECK(job->cancel());
            }
        }
        // The first is delivered, the second is dropped with the queue.
        poll_until(context, [&] { return queue.pending() == 2; });
        busy.open();
    }
    CHECK(token.use_count() == 1);
}

TEST_CASE("a job outlives its queue, its context and its pool") {
    Job job;
    {
        Context context;
        const auto pool = make_pool(1);
        WorkQueue queue(context, pool, "queue");
        REQUIRE_FALSE(queue.submit([] {}, [](const Outcome<void>&) {}, &job));
    }
    CHECK(static_cast<bool>(job));
    CHECK_FALSE(job.cancel());
}

}  // namespace nestling::testing
