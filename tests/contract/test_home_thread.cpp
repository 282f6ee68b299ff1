// SPDX-License-Identifier: MIT
// Who may call what, and how a context changes hands.
#include <nestling/nestling.hpp>

#include <csignal>
#include <thread>
#include <vector>

#include "support/child_process.hpp"
#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;
using namespace std::chrono_literals;

TEST_CASE("home-thread functions on another thread end the process and name the context",
          "[lifetime][death][F2.3][B-4][B-8]") {
    const Configuration cell = each_configuration();
    const auto on_foreign_thread = [&](void (*use)(Context&)) {
        return run_in_child([&] {
            Context context(options_for(cell, "guarded"));
            std::thread([&] { use(context); }).join();
            return 0;
        });
    };
    for (const auto use :
         {+[](Context& context) { context.poll(Wait::none); },
          +[](Context& context) { context.advance_virtual_time(1ns); },
          +[](Context& context) { context.release_home(); }, +[](Context& context) { context.assert_home(); },
          +[](Context& context) { context.adopt_home(); },
          +[](Context& context) { static_cast<void>(ExternalLoop(context).prepare()); }}) {
        const ChildEnd end = on_foreign_thread(use);
        CHECK(end.signal == SIGABRT);
        CHECK(end.says("guarded"));
    }
}

TEST_CASE("a context handed over runs on the thread that adopts it, with everything that was published",
          "[lifetime][home][F2.1][B-44]") {
    const Configuration cell = each_configuration();
    const auto context = std::make_shared<Context>(options_for(cell));
    int runs = 0;
    bool was_home = false;
    const BottomHalf half(*context, "half", [&] {
        ++runs;
        was_home = context->is_home();
    });
    int value = 42;
    int seen = 0;
    half.schedule();
    context->post("post", [&] { seen = value; });
    context->release_home();
    CHECK_FALSE(context->is_home());
    std::thread([&] {
        context->adopt_home();
        {
            TestLoop loop(context, cell.driver);
            loop.run_until([&] { return seen != 0; });
        }
        context->release_home();
    }).join();
    CHECK(runs == 1);
    CHECK(was_home);
    CHECK(seen == 42);
    context->adopt_home();
    TestLoop loop(context, cell.driver);
    half.schedule();
    CHECK(loop.block());
    CHECK(runs == 2);
}

TEST_CASE("a context may be made for a thread that adopts it later", "[lifetime][home]") {
    const Configuration cell = each_configuration();
    ContextOptions options = options_for(cell);
    options.home = Home::later;
    const auto context = std::make_shared<Context>(std::move(options));
    CHECK_FALSE(context->is_home());
    int runs = 0;
    context->post("early", [&] { ++runs; });
    context->adopt_home();
    TestLoop loop(context, cell.driver);
    CHECK(loop.block());
    CHECK(runs == 1);
}

TEST_CASE("a context nests in one outer loop at a time", "[lifetime][external]") {
    const Configuration cell = each_configuration();
    Context context(options_for(cell));
    {
        const ExternalLoop first(context);
        bool refused = false;
        try {
            const ExternalLoop second(context);
        } catch (const std::system_error& error) {
            refused = error.code() == std::errc::device_or_resource_busy;
        }
        CHECK(refused);
    }
    ExternalLoop again(context);
    CHECK_FALSE(again.prepare().ready);
}

TEST_CASE("dispatch with a budget stops after the callback that exceeds it, and says that more is ready",
          "[lifetime][external][budget]") {
    const Configuration cell = each_configuration();
    Context context(options_for(cell));
    ExternalLoop loop(context);
    int runs = 0;
    std::vector<BottomHalf> halves;
    for (int i = 0; i < 3; ++i) {
        halves.emplace_back(context, "half", [&] {
            ++runs;
            const auto start = clock_now(Clock::monotonic);
            while (clock_now(Clock::monotonic) == start) {
            }
        });
        halves.back().schedule();
    }
    for (int round = 1; round <= 3; ++round) {
        CHECK(loop.prepare().ready);
        CHECK(loop.dispatch(1ns));
        CHECK(runs == round);
    }
    CHECK_FALSE(loop.prepare().ready);
}
