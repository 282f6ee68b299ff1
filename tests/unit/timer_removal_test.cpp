// SPDX-License-Identifier: MIT
#include "loop/timer_removal.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <thread>

#include <nestling/context.hpp>
#include <nestling/timer.hpp>

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

}  // namespace nestling::testing
