// SPDX-License-Identifier: MIT
// Jobs of tasks on threads of a pool (contracts T41).
#include <atomic>
#include <memory>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "coroutine/running.hpp"
#include "support/gate.hpp"
#include "support/testing.hpp"
#include "unit/work.hpp"

namespace nestling::testing {

TEST_CASE("a task goes on at home with what a job on another thread returned or threw", "[T41]") {
    Context context;
    const auto pool = make_pool(2);
    WorkQueue queue(context, pool, "queue");
    const auto body = [&]() -> Task<int> {
        const std::thread::id there = co_await run_in_pool(queue, [] { return std::this_thread::get_id(); });
        int right = there != std::this_thread::get_id() && context.is_home() ? 1 : 0;
        const auto number = co_await run_in_pool(pool, [] { return std::make_unique<int>(2); });
        right += *number;
        try {
            co_await run_in_pool(queue, [] { throw std::runtime_error("job"); });
        } catch (const std::runtime_error& error) {
            right += std::string(error.what()) == "job" ? 4 : 0;
        }
        co_await run_in_pool(pool, [&right] { right += 8; });
        co_return right;
    };
    CHECK(run(context, body()) == 15);
    CHECK(queue.pending() == 0);
}

TEST_CASE("a full pool is an error") {
    Context context;
    const auto pool = make_pool(1, 1);
    WorkQueue queue(context, pool, "queue");
    BusyThread busy(queue);
    REQUIRE_FALSE(queue.submit([] {}, [](const Outcome<void>&) {}));
    const auto body = [&]() -> Task<void> { co_await run_in_pool(queue, [] {}); };
    CHECK(code_of([&] { run(context, body()); }) == std::errc::resource_unavailable_try_again);
}

TEST_CASE("a task that is stopped takes back its job, or waits for it when it runs") {
    Context context;
    const auto pool = make_pool(1);
    WorkQueue queue(context, pool, "queue");
    std::stop_source source;
    bool was_cancelled = false;
    std::optional<bool> result;
    const auto spawn_it = [&](Task<bool> task) {
        spawn(
            context, "task", std::move(task),
            [&](Outcome<bool> outcome) {
                was_cancelled = outcome.cancelled();
                if (!was_cancelled) {
                    result = outcome.value();
                }
            },
            source.get_token());
        context.poll(Wait::none);
    };
    const bool has_pool = GENERATE(false, true);
    bool has_run = false;
    SECTION("not begun") {
        BusyThread busy(queue);
        const auto body = [&]() -> Task<bool> {
            const auto job = [&has_run] { return has_run = true; };
            if (has_pool) {
                co_return co_await run_in_pool(pool, job);
            }
            co_return co_await run_in_pool(queue, job);
        };
        spawn_it(body());
        std::thread([&] { source.request_stop(); }).join();
        poll_until(context, [&] { return was_cancelled; });
        CHECK_FALSE(has_run);
    }
    SECTION("running: it asks its token") {
        Gate started;
        const auto body = [&]() -> Task<bool> {
            const auto job = [&](const std::stop_token& stop) {
                started.open();
                until([&] { return stop.stop_requested(); });
                return true;
            };
            if (has_pool) {
                co_return co_await run_in_pool(pool, job);
            }
            co_return co_await run_in_pool(queue, job);
        };
        spawn_it(body());
        started.wait();
        source.request_stop();
        poll_until(context, [&] { return result.has_value(); });
        CHECK(*result);
    }
}

TEST_CASE("a task that is destroyed takes back its job, or waits until that has let go of what the task has") {
    Context context;
    const auto pool = make_pool(1);
    WorkQueue queue(context, pool, "queue");
    std::atomic<int> seen{0};
    Gate started;
    const bool has_pool = GENERATE(false, true);
    const auto body = [&]() -> Task<void> {
        auto mine = std::make_unique<int>(7);
        const auto job = [&](const std::stop_token& stop) {
            started.open();
            until([&] { return stop.stop_requested(); });
            seen += *mine;
        };
        if (has_pool) {
            co_await run_in_pool(pool, job);
        } else {
            co_await run_in_pool(queue, job);
        }
    };
    SECTION("running") {
        {
            const TaskHandle handle = spawn_held(context, "task", body());
            context.poll(Wait::none);
            started.wait();
        }
        CHECK(seen.load() == 7);
    }
    SECTION("not begun") {
        BusyThread busy(queue);
        {
            const TaskHandle handle = spawn_held(context, "task", body());
            context.poll(Wait::none);
        }
        busy.open();
        poll_until(context, [&] { return queue.pending() == 0; });
        CHECK(seen.load() == 0);
    }
    SECTION("taken back by a request to stop, and not told yet") {
        BusyThread busy(queue);
        {
            TaskHandle handle = spawn_held(context, "task", body());
            context.poll(Wait::none);
            handle.request_stop();
        }
        busy.open();
        poll_until(context, [&] { return queue.pending() == 0; });
        CHECK(seen.load() == 0);
    }
    poll_until(context, [&] { return queue.pending() == 0; });
    settle(context);
    CHECK(pool->queued() == 0);
}

}  // namespace nestling::testing
