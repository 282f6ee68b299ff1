// SPDX-License-Identifier: MIT
// Contracts F16.10: sleeping tasks.
#include <chrono>
#include <thread>
#include <vector>

#include "coroutine/running.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

namespace {

using std::chrono::nanoseconds;
using namespace std::chrono_literals;

Task<void> nap(nanoseconds delay, std::vector<nanoseconds>& woken, Counted /*held*/) {
    co_await sleep_for(delay, Clock::virtual_time);
    woken.push_back(delay);
}

}  // namespace

TEST_CASE("tasks sleep for as long as they want, and wake in the order of their deadlines", "[F16.10]") {
    Context context;
    int living = 0;
    std::vector<nanoseconds> woken;
    for (const nanoseconds delay : {3s, 1s, 2s}) {
        spawn(context, "nap", nap(delay, woken, Counted(living)));
    }
    context.poll(Wait::none);
    CHECK(woken.empty());
    context.advance_virtual_time(1s - 1ns);
    CHECK_FALSE(context.poll(Wait::none));
    context.advance_virtual_time(1ns);
    CHECK(context.poll(Wait::none));
    CHECK(woken == std::vector<nanoseconds>{1s});
    context.advance_virtual_time(2s);
    context.poll(Wait::none);
    CHECK(woken == std::vector<nanoseconds>{1s, 2s, 3s});
    CHECK(living == 0);
}

TEST_CASE("a sleep on the monotonic clock is never short", "[F16.10]") {
    Context context;
    const auto body = []() -> Task<nanoseconds> {
        const nanoseconds before = clock_now(Clock::monotonic);
        co_await sleep_for(2ms);
        co_await sleep_until(before + 4ms);
        co_return clock_now(Clock::monotonic) - before;
    };
    CHECK(run(context, body()) >= 4ms);
}

TEST_CASE("a sleep of no time takes one iteration", "[F16.10]") {
    Context context;
    int rounds = 0;
    const auto body = [&]() -> Task<void> {
        co_await sleep_for(0ns);
        ++rounds;
        co_await sleep_for(-1s);
        ++rounds;
    };
    spawn(context, "task", body());
    context.poll(Wait::none);
    CHECK(rounds < 2);
    poll_until(context, [&] { return rounds == 2; });
}

TEST_CASE("a sleeping task that is stopped wakes at once, by an exception", "[F16.10]") {
    Context context;
    int living = 0;
    std::vector<nanoseconds> woken;
    std::stop_source source;
    bool was_cancelled = false;
    spawn(
        context, "nap", nap(1h, woken, Counted(living)),
        [&](const Outcome<void>& outcome) { was_cancelled = outcome.cancelled(); }, source.get_token());
    context.poll(Wait::none);
    const bool from_elsewhere = GENERATE(false, true);
    if (from_elsewhere) {
        std::thread([&] { source.request_stop(); }).join();
    } else {
        source.request_stop();
    }
    CHECK(context.poll(Wait::block));
    CHECK(was_cancelled);
    CHECK(living == 0);
    CHECK(woken.empty());
    // No timer is left.
    context.advance_virtual_time(2h);
    CHECK_FALSE(context.poll(Wait::none));
}

TEST_CASE("a sleeping task that is destroyed leaves no timer behind") {
    Context context;
    int living = 0;
    std::vector<nanoseconds> woken;
    {
        const TaskHandle handle = spawn_held(context, "nap", nap(1s, woken, Counted(living)));
        context.poll(Wait::none);
        CHECK(living == 1);
    }
    CHECK(living == 0);
    context.advance_virtual_time(1s);
    CHECK_FALSE(context.poll(Wait::none));
    CHECK(woken.empty());
}

TEST_CASE("yield lets what is ready go first, and throws when the task is to stop") {
    Context context;
    std::vector<int> order;
    std::stop_source source;
    const auto body = [&]() -> Task<void> {
        order.push_back(1);
        co_await this_task::yield();
        order.push_back(3);
        source.request_stop();
        co_await this_task::yield();
        order.push_back(-1);
    };
    bool was_cancelled = false;
    spawn(
        context, "task", body(), [&](const Outcome<void>& outcome) { was_cancelled = outcome.cancelled(); },
        source.get_token());
    context.post("post", [&] { order.push_back(2); });
    poll_until(context, [&] { return was_cancelled; });
    CHECK(order == std::vector<int>{1, 2, 3});
}

}  // namespace nestling::testing
