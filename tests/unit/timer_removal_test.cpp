// SPDX-License-Identifier: MIT
#include "loop/timer_removal.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <thread>

#include <nestling/context.hpp>
#include <nestling/timer.hpp>

#include "loop/context_core.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

TEST_CASE("what was promised for the end of a timer is done although the context ends first") {
    const auto token = std::make_shared<int>(0);
    int removals = 0;
    {
        Context context;
        Timer timer(context, "timer", [token] {});
        timer.arm_after(std::chrono::hours(1));
        std::thread([&] { timer.remove([&removals] { ++removals; }); }).join();
        CHECK(removals == 0);
    }
    CHECK(removals == 1);
    CHECK(token.use_count() == 1);
}

TEST_CASE("a timer that is destroyed in its callback, with a request on its way, is freed once") {
    const bool is_nested = GENERATE(false, true);
    const auto token = std::make_shared<int>(0);
    Context context;
    std::optional<Timer> timer;
    int calls = 0;
    bool is_owned = false;
    timer.emplace(context, "timer", [&, token] {
        ++calls;
        std::thread([&] { timer->arm_at(std::chrono::nanoseconds(1)); }).join();
        timer.reset();
        if (is_nested) {
            context.poll(Wait::none);
        }
        is_owned = token.use_count() == 2;
    });
    timer->arm_at(std::chrono::nanoseconds(1));
    context.poll(Wait::none);
    CHECK(is_owned);
    CHECK(token.use_count() == 1);
    context.poll(Wait::none);
    CHECK(calls == 1);
}

TEST_CASE("a timer that has ended waits for the requests of its slab, and no longer") {
    Context context;
    loop::NodePool<loop::TimerNode>& pool = context.core().handles().timers();
    const auto token = std::make_shared<int>(0);
    Timer neighbour(context, "neighbour", [] {});
    loop::TimerNode* const node = pool.make("ended", Callback<void()>([token] {}), Clock::monotonic).release();
    std::thread([&] { neighbour.arm_after(std::chrono::hours(1)); }).join();
    node->drop_handle();
    loop::TimerRemoval::carry_out(*node, Callback<void()>());
    CHECK(token.use_count() == 1);
    const auto meanwhile = pool.make("meanwhile", Callback<void()>(), Clock::monotonic);
    CHECK(meanwhile.get() != node);
    meanwhile->drop_handle();
    context.poll(Wait::none);
    const auto afterwards = pool.make("afterwards", Callback<void()>(), Clock::monotonic);
    CHECK(afterwards.get() == node);
    afterwards->drop_handle();
    CHECK(neighbour.is_armed());
}

TEST_CASE("a cancelled timer leaves the wheel when it is destroyed") {
    // Under AddressSanitizer: its place in the wheel outlives a cancelling, and not the timer.
    Context context;
    Timer other(context, "other", [] {});
    const std::chrono::nanoseconds soon = clock_now(Clock::monotonic) + std::chrono::hours(1);
    {
        Timer timer(context, "timer", [] {});
        other.arm_at(soon);
        timer.arm_at(soon);
        timer.cancel();
    }
    other.arm_at(soon - std::chrono::minutes(30));
    CHECK_FALSE(context.poll(Wait::none));
    CHECK(other.is_armed());
}

}  // namespace nestling::testing
