// SPDX-License-Identifier: MIT
#include <nestling/thread_pool.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "support/gate.hpp"
#include "support/testing.hpp"
#include "unit/no_threads.hpp"
#include "unit/until.hpp"
#include "unit/work.hpp"

namespace nestling::testing {

namespace {

std::error_code refusal(std::size_t min_threads, std::size_t max_threads) {
    ThreadPoolOptions options;
    options.min_threads = min_threads;
    options.max_threads = max_threads;
    try {
        const ThreadPool pool(options);
    } catch (const std::system_error& error) {
        return error.code();
    }
    return {};
}

/// Jobs that wait until as many of them run as were announced.
class Meeting {
public:
    explicit Meeting(int size) : left_(size) {}
    void arrive() {
        if (left_.fetch_sub(1) == 1) {
            all_there_.open();
        }
        all_there_.wait();
    }

private:
    std::atomic<int> left_;
    Gate all_there_;
};

}  // namespace

TEST_CASE("limits that no pool can keep are refused") {
    CHECK(refusal(0, 0) == std::errc::invalid_argument);
    CHECK(refusal(3, 2) == std::errc::invalid_argument);
    CHECK_FALSE(refusal(2, 2));
    ThreadPool pool;
    CHECK(pool.set_limits(0, 0) == std::errc::invalid_argument);
    CHECK(pool.set_limits(3, 2) == std::errc::invalid_argument);
    CHECK_FALSE(pool.set_limits(0, 1));
}

TEST_CASE("a pool starts its least number of threads at once, and others only for jobs", "[F15.3]") {
    ThreadPoolOptions options;
    CHECK(ThreadPool(options).threads() == 0);
    options.min_threads = 3;
    CHECK(ThreadPool(options).threads() == 3);
}

TEST_CASE("a pool runs as many jobs at a time as it may have threads, and reuses idle ones") {
    Context context;
    const auto pool = make_pool(3);
    WorkQueue queue(context, pool, "queue");
    int delivered = 0;
    for (int round = 0; round < 20; ++round) {
        Meeting meeting(3);
        for (int count = 0; count < 3; ++count) {
            REQUIRE_FALSE(queue.submit([&meeting] { meeting.arrive(); }, [&](const Outcome<void>&) { ++delivered; }));
        }
        poll_until(context, [&] { return delivered == 3 * (round + 1); });
        CHECK(pool->threads() == 3);
        CHECK(pool->queued() == 0);
    }
}

TEST_CASE("idle threads wait for the next job as long as they were told to, also for ever") {
    static thread_local bool has_worked = false;
    Context context;
    ThreadPoolOptions options;
    options.max_threads = 4;
    options.idle_life = GENERATE(std::chrono::milliseconds(3600000), std::chrono::milliseconds::max());
    const auto pool = std::make_shared<ThreadPool>(options);
    WorkQueue queue(context, pool, "queue");
    int threads = 0;
    for (int count = 0; count < 100; ++count) {
        REQUIRE_FALSE(queue.submit([] { return !std::exchange(has_worked, true); },
                                   [&](Outcome<bool> outcome) { threads += outcome.value() ? 1 : 0; }));
        poll_until(context, [&] { return queue.pending() == 0; });
    }
    CHECK(threads <= 4);
    CHECK(pool->threads() >= 1);
}

TEST_CASE("a pool refuses what its queue has no room for, and has room again when a job was taken or cancelled") {
    Context context;
    const auto pool = make_pool(1, 2);
    WorkQueue queue(context, pool, "queue");
    BusyThread busy(queue);
    int ran = 0;
    int delivered = 0;
    const auto submit = [&](Job* job) {
        return queue.submit([&ran] { ++ran; }, [&delivered](const Outcome<void>&) { ++delivered; }, job);
    };
    Job first;
    REQUIRE_FALSE(submit(&first));
    REQUIRE_FALSE(submit(nullptr));
    CHECK(pool->queued() == 2);
    CHECK(queue.pending() == 3);
    Job refused;
    CHECK(submit(&refused) == std::errc::resource_unavailable_try_again);
    CHECK_FALSE(static_cast<bool>(refused));
    CHECK(pool->queued() == 2);
    CHECK(queue.pending() == 3);
    REQUIRE(first.cancel());
    CHECK_FALSE(submit(nullptr));
    CHECK(submit(nullptr) == std::errc::resource_unavailable_try_again);
    busy.open();
    poll_until(context, [&] { return queue.pending() == 0; });
    CHECK(ran == 2);
    CHECK(delivered == 3);
    CHECK_FALSE(submit(nullptr));
    poll_until(context, [&] { return queue.pending() == 0; });
}

TEST_CASE("raising the limit starts threads for the jobs that wait") {
    Context context;
    const auto pool = make_pool(1);
    WorkQueue queue(context, pool, "queue");
    Meeting meeting(3);
    int delivered = 0;
    for (int count = 0; count < 3; ++count) {
        REQUIRE_FALSE(queue.submit([&meeting] { meeting.arrive(); }, [&](const Outcome<void>&) { ++delivered; }));
    }
    CHECK(pool->threads() == 1);
    REQUIRE_FALSE(pool->set_limits(0, 3));
    poll_until(context, [&] { return delivered == 3; });
    CHECK(pool->threads() == 3);
}

TEST_CASE("raising the least number starts threads though there is nothing to do") {
    ThreadPool pool;
    REQUIRE_FALSE(pool.set_limits(2, 4));
    CHECK(pool.threads() == 2);
}

TEST_CASE("lowering the limit ends surplus threads, idle ones at once and busy ones after their job") {
    Context context;
    const auto pool = make_pool(4);
    WorkQueue queue(context, pool, "queue");
    Meeting meeting(5);
    Gate gate;
    int delivered = 0;
    for (int count = 0; count < 4; ++count) {
        REQUIRE_FALSE(queue.submit(
            [&] {
                meeting.arrive();
                gate.wait();
            },
            [&](const Outcome<void>&) { ++delivered; }));
    }
    meeting.arrive();
    CHECK(pool->threads() == 4);
    const bool is_idle = GENERATE(true, false);
    if (is_idle) {
        gate.open();
        poll_until(context, [&] { return delivered == 4; });
    }
    REQUIRE_FALSE(pool->set_limits(0, 1));
    gate.open();
    until([&] { return pool->threads() == 1; });
    REQUIRE_FALSE(queue.submit([] {}, [&](const Outcome<void>&) { ++delivered; }));
    poll_until(context, [&] { return delivered == 5; });
    CHECK(pool->threads() == 1);
}

TEST_CASE("idle threads end, down to the least number, and come back for the next job") {
    Context context;
    const std::size_t least = GENERATE(0U, 1U);
    ThreadPoolOptions options;
    options.min_threads = least;
    options.max_threads = 3;
    options.idle_life = std::chrono::milliseconds(1);
    const auto pool = std::make_shared<ThreadPool>(options);
    WorkQueue queue(context, pool, "queue");
    for (int round = 0; round < 5; ++round) {
        Meeting meeting(3);
        int delivered = 0;
        for (int count = 0; count < 3; ++count) {
            REQUIRE_FALSE(queue.submit([&meeting] { meeting.arrive(); }, [&](const Outcome<void>&) { ++delivered; }));
        }
        poll_until(context, [&] { return delivered == 3; });
        until([&] { return pool->threads() == least; });
    }
}

TEST_CASE("a job that no thread can be started for is refused with the reason, and nothing of it is left") {
    Context context;
    const auto pool = make_pool(2);
    WorkQueue queue(context, pool, "queue");
    int calls = 0;
    const auto token = std::make_shared<int>(0);
    {
        const NoThreads none;
        const std::error_code error =
            queue.submit([&calls] { ++calls; }, [&calls, token](const Outcome<void>&) { ++calls; });
        CHECK(error == std::errc::resource_unavailable_try_again);
        CHECK(token.use_count() == 1);
        CHECK(pool->queued() == 0);
        CHECK(pool->threads() == 0);
        CHECK(queue.pending() == 0);
    }
    REQUIRE_FALSE(queue.submit([&calls] { ++calls; }, [&calls](const Outcome<void>&) { ++calls; }));
    poll_until(context, [&] { return queue.pending() == 0; });
    CHECK(calls == 2);
}

TEST_CASE("a job goes to the threads there are when no further one can be started") {
    Context context;
    const auto pool = make_pool(2);
    WorkQueue queue(context, pool, "queue");
    BusyThread busy(queue);
    int delivered = 0;
    {
        const NoThreads none;
        REQUIRE_FALSE(queue.submit([] {}, [&](const Outcome<void>&) { ++delivered; }));
        CHECK(pool->threads() == 1);
        CHECK(pool->queued() == 1);
    }
    busy.open();
    poll_until(context, [&] { return queue.pending() == 0; });
    CHECK(delivered == 1);
    CHECK(busy.is_delivered());
}

TEST_CASE("a pool that cannot start its threads is not made, and limits that cannot be reached are an error") {
    {
        const NoThreads none;
        CHECK(refusal(1, 1) == std::errc::resource_unavailable_try_again);
        ThreadPool pool;
        CHECK(pool.set_limits(1, 2) == std::errc::resource_unavailable_try_again);
        CHECK(pool.threads() == 0);
    }
    CHECK_FALSE(refusal(1, 1));
}

TEST_CASE("limits that cannot be reached leave the old ones standing") {
    Context context;
    const auto pool = make_pool(2);
    WorkQueue queue(context, pool, "queue");
    {
        const NoThreads none;
        REQUIRE(pool->set_limits(1, 1) == std::errc::resource_unavailable_try_again);
    }
    // Two at a time, as before: each waits for the other.
    BusyThread first(queue);
    BusyThread second(queue);
    CHECK(pool->threads() == 2);
}

TEST_CASE("a pool that is destroyed waits for what runs, whose result is delivered afterwards") {
    Context context;
    auto pool = make_pool(1);
    WorkQueue queue(context, pool, "queue");
    std::atomic<bool> has_ended{false};
    Gate gate;
    int result = 0;
    REQUIRE_FALSE(queue.submit(
        [&] {
            gate.wait();
            has_ended.store(true);
            return 7;
        },
        [&](Outcome<int> outcome) { result = outcome.value(); }));
    until([&] { return pool->queued() == 0; });
    std::thread opener([&gate] { gate.open(); });
    pool.reset();
    CHECK(has_ended.load());
    opener.join();
    int calls = 0;
    CHECK(queue.submit([&calls] { ++calls; }, [&calls](const Outcome<void>&) { ++calls; }) ==
          std::errc::operation_canceled);
    CHECK(queue.pending() == 1);
    poll_until(context, [&] { return queue.pending() == 0; });
    CHECK(result == 7);
    CHECK(calls == 0);
}

TEST_CASE("a pool that is destroyed while its only thread is busy cancels all that waits") {
    Context context;
    auto pool = make_pool(1);
    WorkQueue queue(context, pool, "queue");
    ThreadPool* const raw = pool.get();
    Gate all_submitted;
    // Ends when the pool's end has cancelled the others, and not before: the pool outlives it.
    REQUIRE_FALSE(queue.submit(
        [&] {
            all_submitted.wait();
            until([raw] { return raw->queued() == 0; });
        },
        [](const Outcome<void>&) {}));
    int ran = 0;
    int cancelled = 0;
    for (int count = 0; count < 3; ++count) {
        REQUIRE_FALSE(queue.submit([&ran] { ++ran; },
                                   [&](const Outcome<void>& outcome) { cancelled += outcome.cancelled() ? 1 : 0; }));
    }
    all_submitted.open();
    pool.reset();
    poll_until(context, [&] { return queue.pending() == 0; });
    CHECK(ran == 0);
    CHECK(cancelled == 3);
}

TEST_CASE("a pool serves the queues of several contexts, each on its own thread") {
    const auto pool = make_pool(3);
    constexpr int jobs = 200;
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (int index = 0; index < 3; ++index) {
        threads.emplace_back([&] {
            Context context;
            WorkQueue queue(context, pool, "queue");
            int delivered = 0;
            for (int count = 0; count < jobs; ++count) {
                while (queue.submit([count] { return count * 2; },
                                    [&, count, home = std::this_thread::get_id()](Outcome<int> outcome) {
                                        const bool good =
                                            outcome.value() == count * 2 && std::this_thread::get_id() == home;
                                        wrong += good ? 0 : 1;
                                        ++delivered;
                                    })) {
                    context.poll(Wait::none);
                }
            }
            poll_until(context, [&] { return delivered == jobs; });
            wrong += queue.pending() == 0 ? 0 : 1;
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    CHECK(wrong.load() == 0);
}

}  // namespace nestling::testing
