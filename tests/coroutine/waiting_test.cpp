// SPDX-License-Identifier: MIT
// What tasks wait at: mutex, semaphore, event (contracts F16.7, F16.8, F16.12, T74).
#include <nestling/io_thread.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "coroutine/running.hpp"
#include "support/child_process.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

TEST_CASE("one task has the lock, the others get it in the order in which they came", "[F16.7][T74]") {
    Context context;
    AsyncMutex mutex;
    std::vector<int> order;
    const auto body = [&](int number) -> Task<void> {
        const AsyncLock lock = co_await mutex.lock();
        order.push_back(number);
        co_await this_task::yield();
        order.push_back(-number);
    };
    for (const int number : {1, 2, 3}) {
        spawn(context, "task", body(number));
    }
    settle(context);
    CHECK(order == std::vector<int>{1, -1, 2, -2, 3, -3});
    CHECK(mutex.try_lock());
}

TEST_CASE("a lock is had without waiting when it is free, tried for anywhere, and given back early") {
    Context context;
    AsyncMutex mutex;
    {
        AsyncLock lock = mutex.try_lock();
        CHECK(lock);
        CHECK_FALSE(mutex.try_lock());
        lock.release();
        CHECK_FALSE(lock);
        CHECK(mutex.try_lock());
        lock = mutex.try_lock();
        CHECK(lock);
    }
    const auto body = [&]() -> Task<int> {
        int count = 0;
        for (; count < 1000; ++count) {
            const AsyncLock lock = co_await mutex.lock();
        }
        co_return count;
    };
    spawn(context, "task", body());
    CHECK(context.poll(Wait::none));
    CHECK_FALSE(context.poll(Wait::none));
}

TEST_CASE("a waiter that is stopped or destroyed, before or after it is woken, leaves the lock to the next",
          "[F16.7]") {
    Context context;
    AsyncMutex mutex;
    int got = 0;
    int living = 0;
    const auto body = [&](Counted /*held*/) -> Task<void> {
        const AsyncLock lock = co_await mutex.lock();
        ++got;
    };
    AsyncLock held = mutex.try_lock();
    std::stop_source source;
    std::optional<TaskHandle> handle;
    bool was_cancelled = false;
    const auto spawn_first = [&](bool is_held) {
        if (is_held) {
            handle.emplace(spawn_held(context, "first", body(Counted(living))));
        } else {
            spawn(
                context, "first", body(Counted(living)),
                [&](const Outcome<void>& outcome) { was_cancelled = outcome.cancelled(); }, source.get_token());
        }
        spawn(context, "second", body(Counted(living)));
        settle(context);
    };
    SECTION("stopped while it waits") {
        spawn_first(false);
        source.request_stop();
        settle(context);
        CHECK(was_cancelled);
        CHECK(living == 1);
        held.release();
        settle(context);
        CHECK(got == 1);
    }
    SECTION("stopped when it has been woken: it has the lock") {
        spawn_first(false);
        held.release();
        source.request_stop();
        settle(context);
        CHECK_FALSE(was_cancelled);
        CHECK(got == 2);
    }
    SECTION("destroyed while it waits") {
        spawn_first(true);
        handle.reset();
        CHECK(living == 1);
        held.release();
        settle(context);
        CHECK(got == 1);
    }
    SECTION("destroyed when it has been woken") {
        spawn_first(true);
        held.release();
        handle.reset();
        settle(context);
        CHECK(got == 1);
    }
    CHECK(living == 0);
    CHECK(mutex.try_lock());
}

TEST_CASE("who wants much is not overtaken by who wants little, and the next go on when it gives up", "[F16.12]") {
    Context context;
    AsyncSemaphore semaphore(3);
    std::vector<int> order;
    const auto body = [&](std::size_t amount, int number) -> Task<void> {
        const AsyncPermit permit = co_await semaphore.acquire(amount);
        order.push_back(number);
    };
    AsyncPermit held = semaphore.try_acquire(2);
    CHECK(semaphore.available() == 1);
    std::stop_source source;
    spawn(context, "much", body(3, 1), {}, source.get_token());
    spawn(context, "little", body(1, 2));
    settle(context);
    CHECK(order.empty());
    CHECK_FALSE(semaphore.try_acquire(1));
    const bool gives_up = GENERATE(false, true);
    if (gives_up) {
        source.request_stop();
        settle(context);
        CHECK(order == std::vector<int>{2});
        held.release();
    } else {
        held.release();
        settle(context);
        CHECK(order == std::vector<int>{1, 2});
    }
    CHECK(semaphore.available() == 3);
    semaphore.release(2);
    CHECK(semaphore.available() == 5);
}

TEST_CASE("an event wakes all who wait, in order, and lets through who comes until it is reset", "[F16.8]") {
    Context context;
    AsyncEvent event;
    std::vector<int> order;
    const auto body = [&](int number) -> Task<void> {
        co_await event.wait();
        order.push_back(number);
    };
    spawn(context, "one", body(1));
    spawn(context, "two", body(2));
    settle(context);
    CHECK(order.empty());
    event.set();
    event.reset();
    CHECK(order.empty());
    settle(context);
    CHECK(order == std::vector<int>{1, 2});
    spawn(context, "three", body(3));
    settle(context);
    CHECK(order.size() == 2);
    event.set();
    CHECK(event.is_set());
    spawn(context, "four", body(4));
    settle(context);
    CHECK(order == std::vector<int>{1, 2, 3, 4});
}

TEST_CASE("tasks of several contexts take turns with a mutex, and each goes on at home", "[F16.7][B-44]") {
    constexpr int threads = 4;
    constexpr int tasks = 8;
    constexpr int rounds = 200;
    AsyncMutex mutex;
    int unprotected = 0;
    std::atomic<int> wrong{0};
    std::atomic<int> ended{0};
    const auto body = [&](Context& home) -> Task<void> {
        for (int round = 0; round < rounds; ++round) {
            const AsyncLock lock = co_await mutex.lock();
            wrong += home.is_home() ? 0 : 1;
            const int before = unprotected;
            if (round % 16 == 0) {
                co_await this_task::yield();
            }
            unprotected = before + 1;
        }
    };
    {
        std::array<IoThread, threads> loops;
        for (int task = 0; task < tasks; ++task) {
            Context& home = *loops[static_cast<std::size_t>(task % threads)].context();
            spawn(home, "task", body(home), [&](const Outcome<void>&) { ++ended; });
        }
        until([&] { return ended.load() == tasks; });
    }
    CHECK(unprotected == tasks * rounds);
    CHECK(wrong.load() == 0);
}

TEST_CASE("stop is requested from other threads while tasks are woken: each has the permit or not, and none is lost",
          "[F16.7][B-45]") {
    constexpr int tasks = 200;
    constexpr int rounds = 20;
    Context context;
    AsyncSemaphore semaphore(1);
    for (int round = 0; round < rounds; ++round) {
        int got = 0;
        int stopped = 0;
        std::vector<std::stop_source> sources(tasks);
        const auto body = [&]() -> Task<void> {
            const AsyncPermit permit = co_await semaphore.acquire();
            co_await this_task::yield();
        };
        for (std::stop_source& source : sources) {
            spawn(
                context, "task", body(), [&](const Outcome<void>& outcome) { ++(outcome.cancelled() ? stopped : got); },
                source.get_token());
        }
        std::thread stopper([&] {
            for (std::stop_source& source : sources) {
                source.request_stop();
            }
        });
        poll_until(context, [&] { return got + stopped == tasks; });
        stopper.join();
        REQUIRE(semaphore.available() == 1);
    }
}

TEST_CASE("what is destroyed while a task waits at it says so and aborts") {
    const ChildEnd end = run_in_child([] {
        Context context;
        auto event = std::make_unique<AsyncEvent>();
        spawn(context, "task", [](AsyncEvent& waited) -> Task<void> { co_await waited.wait(); }(*event));
        context.poll(Wait::none);
        event.reset();
        return 0;
    });
    CHECK(end.signal == SIGABRT);
    CHECK(end.says("AsyncEvent"));
}

}  // namespace nestling::testing
