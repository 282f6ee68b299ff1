// SPDX-License-Identifier: MIT
#include <nestling/external_loop.hpp>
#include <nestling/thread_pool.hpp>

#include <atomic>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/gate.hpp"
#include "support/testing.hpp"
#include "unit/until.hpp"
#include "unit/work.hpp"

namespace nestling::testing {

namespace {

const auto ignore = [](const auto&) {};

/// Counts its end, and whether that was on another thread than the one that made it.
class HomeOnly {
public:
    struct Counts {
        std::atomic<int> ended{0};
        std::atomic<int> elsewhere{0};
    };

    explicit HomeOnly(Counts& counts) : counts_(&counts), home_(std::this_thread::get_id()) {}
    HomeOnly(HomeOnly&& other) noexcept : counts_(std::exchange(other.counts_, nullptr)), home_(other.home_) {}
    HomeOnly(const HomeOnly&) = delete;
    HomeOnly& operator=(const HomeOnly&) = delete;
    ~HomeOnly() {
        if (counts_ != nullptr) {
            counts_->ended += 1;
            counts_->elsewhere += std::this_thread::get_id() == home_ ? 0 : 1;
        }
    }

private:
    Counts* counts_;
    std::thread::id home_;
};

}  // namespace

TEST_CASE("work runs on a thread of the pool, its completion on the home thread, and never inside submit()") {
    Context context;
    const auto pool = make_pool(1);
    WorkQueue queue(context, pool, "queue");
    std::thread::id worked;
    std::thread::id completed;
    REQUIRE_FALSE(queue.submit([] { return std::this_thread::get_id(); },
                               [&](Outcome<std::thread::id> outcome) {
                                   worked = outcome.value();
                                   completed = std::this_thread::get_id();
                               }));
    CHECK(queue.pending() == 1);
    CHECK(completed == std::thread::id());
    poll_until(context, [&] { return queue.pending() == 0; });
    CHECK(completed == std::this_thread::get_id());
    CHECK(worked != completed);
    CHECK(worked != std::thread::id());
}

TEST_CASE("completions come in the order in which the jobs ended") {
    Context context;
    SECTION("one thread: in the order of submission") {
        const auto pool = make_pool(1);
        WorkQueue queue(context, pool, "queue");
        std::vector<int> order;
        std::vector<int> expected;
        for (int number = 0; number < 200; ++number) {
            REQUIRE_FALSE(queue.submit([] {}, [&order, number](const Outcome<void>&) { order.push_back(number); }));
            expected.push_back(number);
        }
        poll_until(context, [&] { return queue.pending() == 0; });
        CHECK(order == expected);
    }
    SECTION("two threads: the later one ends first") {
        const auto pool = make_pool(2);
        WorkQueue queue(context, pool, "queue");
        BusyThread first(queue);
        bool is_second_done = false;
        REQUIRE_FALSE(queue.submit([] {}, [&](const Outcome<void>&) { is_second_done = true; }));
        poll_until(context, [&] { return is_second_done; });
        CHECK_FALSE(first.is_delivered());
        first.open();
        poll_until(context, [&] { return first.is_delivered(); });
    }
}

TEST_CASE("a completion that waits for others in a nested poll() gets them") {
    Context context;
    const auto pool = make_pool(1);
    WorkQueue queue(context, pool, "queue");
    std::vector<int> order;
    bool is_nested_done = false;
    REQUIRE_FALSE(queue.submit([] {},
                               [&](const Outcome<void>&) {
                                   order.push_back(1);
                                   // One that has ended already, and one that is submitted only now.
                                   static_cast<void>(queue.submit([] {},
                                                                  [&](const Outcome<void>&) {
                                                                      order.push_back(3);
                                                                      is_nested_done = true;
                                                                  }));
                                   poll_until(context, [&] { return is_nested_done; });
                                   order.push_back(-1);
                               }));
    REQUIRE_FALSE(queue.submit([] {}, [&](const Outcome<void>&) { order.push_back(2); }));
    poll_until(context, [&] { return queue.pending() == 0; });
    CHECK(order == std::vector<int>{1, 2, 3, -1});
    context.poll(Wait::none);
    CHECK_FALSE(context.poll(Wait::none));
}

TEST_CASE("what ends while completions run is delivered in the next iteration, so that other handles get their turn") {
    Context context;
    const auto pool = make_pool(1);
    WorkQueue queue(context, pool, "queue");
    int delivered = 0;
    // Its job is cancelled before it starts, which ends it at once.
    std::function<void()> submit_one = [&] {
        Job job;
        REQUIRE_FALSE(queue.submit([] {},
                                   [&](const Outcome<void>&) {
                                       ++delivered;
                                       submit_one();
                                   },
                                   &job));
        REQUIRE(job.cancel());
    };
    {
        BusyThread busy(queue);
        submit_one();
        for (int round = 1; round <= 3; ++round) {
            CHECK(context.poll(Wait::none));
            CHECK(delivered == round);
        }
    }
}

TEST_CASE("a budget ends the delivery of completions, and the rest come with the next dispatches") {
    Context context;
    const auto pool = make_pool(1);
    WorkQueue queue(context, pool, "queue");
    BusyThread busy(queue);
    int delivered = 0;
    for (int count = 0; count < 3; ++count) {
        Job job;
        REQUIRE_FALSE(queue.submit([] {}, [&delivered](const Outcome<void>&) { ++delivered; }, &job));
        REQUIRE(job.cancel());
    }
    ExternalLoop outer(context);
    for (int round = 1; round <= 3; ++round) {
        CHECK(outer.prepare().ready);
        CHECK(outer.dispatch(std::chrono::nanoseconds(1)));
        CHECK(delivered == round);
    }
    CHECK_FALSE(outer.prepare().ready);
}

TEST_CASE("a completion that throws loses none of the rest") {
    std::vector<std::string> thrown;
    ContextOptions options;
    options.on_exception = [&](const std::exception_ptr&, const char* handle) { thrown.emplace_back(handle); };
    Context context(options);
    const auto pool = make_pool(1);
    WorkQueue queue(context, pool, "queue");
    int delivered = 0;
    for (int number = 0; number < 5; ++number) {
        REQUIRE_FALSE(queue.submit([] {},
                                   [&, number](const Outcome<void>&) {
                                       ++delivered;
                                       if (number % 2 == 0) {
                                           throw std::runtime_error("completion");
                                       }
                                   }));
    }
    // All of them in one batch.
    until([&] { return pool->queued() == 0; });
    poll_until(context, [&] { return queue.pending() == 0; });
    CHECK(delivered == 5);
    CHECK(thrown == std::vector<std::string>{"queue", "queue", "queue"});
}

TEST_CASE("a completion may destroy its own queue: nothing more is delivered, and all of it is freed") {
    Context context;
    const auto pool = make_pool(1);
    auto queue = std::make_unique<WorkQueue>(context, pool, "queue");
    const auto token = std::make_shared<int>(0);
    int delivered = 0;
    for (int number = 0; number < 5; ++number) {
        REQUIRE_FALSE(queue->submit([] {},
                                    [&, token](const Outcome<void>&) {
                                        ++delivered;
                                        queue.reset();
                                    }));
    }
    poll_until(context, [&] { return queue == nullptr; });
    CHECK(delivered == 1);
    CHECK(token.use_count() == 1);
    CHECK_FALSE(context.poll(Wait::none));
    CHECK(pool->queued() == 0);
}

TEST_CASE("a queue that is destroyed waits for what runs, cancels what waits, and delivers nothing") {
    Context context;
    const auto pool = make_pool(1);
    std::optional<WorkQueue> queue;
    queue.emplace(context, pool, "queue");
    const auto token = std::make_shared<int>(0);
    const bool keeps_jobs = GENERATE(false, true);
    std::vector<Job> jobs(4);
    std::atomic<bool> has_ended{false};
    int calls = 0;
    Gate started;
    Gate all_submitted;
    // Ends when the queue's end has cancelled the others, and not before.
    REQUIRE_FALSE(queue->submit(
        [&, token] {
            started.open();
            all_submitted.wait();
            until([&pool] { return pool->queued() == 0; });
            has_ended.store(true);
        },
        [&, token](const Outcome<void>&) { ++calls; }, &jobs[0]));
    for (std::size_t index = 1; index < jobs.size(); ++index) {
        REQUIRE_FALSE(
            queue->submit([&, token] { ++calls; }, [&, token](const Outcome<void>&) { ++calls; }, &jobs[index]));
    }
    // This one is cancelled, and its completion on its way home, when the queue goes.
    CHECK(jobs[1].cancel());
    if (!keeps_jobs) {
        jobs.clear();
    }
    started.wait();
    all_submitted.open();
    queue.reset();
    CHECK(has_ended.load());
    CHECK(calls == 0);
    CHECK(token.use_count() == 1);
    CHECK(pool->queued() == 0);
    for (Job& job : jobs) {
        CHECK_FALSE(job.cancel());
    }
    CHECK_FALSE(context.poll(Wait::none));
    CHECK(calls == 0);
}

TEST_CASE("destroying one queue leaves the jobs of others alone") {
    Context context;
    const auto pool = make_pool(1);
    WorkQueue other(context, pool, "other");
    BusyThread busy(other);
    int delivered = 0;
    REQUIRE_FALSE(other.submit([] {}, [&](const Outcome<void>& outcome) { delivered += outcome.cancelled() ? 0 : 1; }));
    {
        WorkQueue queue(context, pool, "queue");
        REQUIRE_FALSE(queue.submit([] {}, ignore));
        CHECK(pool->queued() == 2);
    }
    CHECK(pool->queued() == 1);
    busy.open();
    poll_until(context, [&] { return other.pending() == 0; });
    CHECK(delivered == 1);
}

TEST_CASE("work is destroyed on the pool's thread when it has run, before its completion is delivered") {
    Context context;
    const auto pool = make_pool(1);
    WorkQueue queue(context, pool, "queue");
    HomeOnly::Counts counts;
    int ended_before = 0;
    REQUIRE_FALSE(queue.submit([owned = HomeOnly(counts)] { static_cast<void>(owned); },
                               [&](const Outcome<void>&) { ended_before = counts.ended.load(); }));
    poll_until(context, [&] { return queue.pending() == 0; });
    CHECK(ended_before == 1);
    CHECK(counts.elsewhere.load() == 1);
}

TEST_CASE("a completion is destroyed at home, also when another thread cancels its job while the queue goes") {
    Context context;
    const auto pool = make_pool(1);
    HomeOnly::Counts counts;
    constexpr int rounds = 300;
    int late = 0;
    for (int round = 0; round < rounds; ++round) {
        std::optional<WorkQueue> queue;
        queue.emplace(context, pool, "queue");
        BusyThread busy(*queue);
        std::vector<Job> jobs(8);
        for (Job& job : jobs) {
            REQUIRE_FALSE(queue->submit([] {}, [owned = HomeOnly(counts)](const Outcome<void>&) {}, &job));
        }
        std::thread other([&jobs, &busy] {
            for (Job& job : jobs) {
                job.cancel();
            }
            busy.open();
            jobs.clear();
        });
        queue.reset();
        late += counts.ended.load() == 8 * (round + 1) ? 0 : 1;
        other.join();
    }
    CHECK(counts.ended.load() == 8 * rounds);
    CHECK(counts.elsewhere.load() == 0);
    CHECK(late == 0);
}

}  // namespace nestling::testing
