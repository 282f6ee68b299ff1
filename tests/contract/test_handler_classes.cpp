// SPDX-License-Identifier: MIT
// Nested polls that serve some handlers and leave others alone (contracts B-36, B-37, N-7).
#include <nestling/nestling.hpp>

#include <csignal>
#include <memory>
#include <string>

#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;
using namespace std::chrono_literals;

namespace {
constexpr HandlerClass ui = HandlerClass::user_interface;
}

TEST_CASE("a held descriptor is left alone, does not spin, and is served afterwards", "[class][B-37]") {
    TestLoop loop(each_configuration());
    Context& context = loop.context();
    const Ends ends;
    const Ends others;
    int held_reads = 0;
    int reads = 0;
    const FdHandler held(context, ends.near(), "held",
                         {.read =
                              [&] {
                                  ends.take();
                                  ++held_reads;
                              }},
                         ui);
    const FdHandler served(context, others.near(), "served", {.read = [&] {
                               others.take();
                               ++reads;
                           }});
    ends.put();
    others.put();
    {
        const HoldHandlers hold(context, ui);
        run_until(context, [&] { return reads == 1; });
        CHECK(loop.run_until_quiet() <= 1);
        const std::uint64_t before = loop.statistics().iterations;
        // Asleep: something that is ready without end would keep it awake.
        Timer timer(context, "timer", [&] { ++reads; });
        timer.arm_after(20ms);
        run_until(context, [&] { return reads == 2; });
        CHECK(loop.statistics().iterations - before <= 4);
        CHECK(held_reads == 0);
    }
    loop.run_until([&] { return held_reads == 1; });
    CHECK(held_reads == 1);
}

TEST_CASE("interest that changes during a hold counts after it", "[class]") {
    TestLoop loop(each_configuration());
    Context& context = loop.context();
    const Ends ends;
    int reads = 0;
    FdHandler handler(context, ends.near(), "held",
                      {.read =
                           [&] {
                               ends.take();
                               ++reads;
                           }},
                      ui);
    ends.put();
    {
        const HoldHandlers hold(context, ui);
        loop.run_until_quiet();
        CHECK_FALSE(handler.watch(Interest::none));
    }
    loop.run_until_quiet();
    CHECK(reads == 0);
    {
        const HoldHandlers hold(context, ui);
        CHECK_FALSE(handler.watch(Interest::both));
        loop.run_until_quiet();
        CHECK_FALSE(handler.set({.read = [&] {
            ends.take();
            reads += 10;
        }}));
        loop.run_until_quiet();
        CHECK(reads == 0);
    }
    loop.run_until([&] { return reads != 0; });
    CHECK(reads == 10);
}

TEST_CASE("held bottom halves and timers run afterwards, unless they are cancelled or removed", "[class]") {
    TestLoop loop(each_configuration());
    Context& context = loop.context();
    std::string order;
    const BottomHalf half(
        context, "half", [&] { order += 'h'; }, ui);
    const BottomHalf cancelled(
        context, "cancelled", [&] { order += 'c'; }, ui);
    Timer timer(
        context, "timer", [&] { order += 't'; }, Clock::monotonic, ui);
    Timer cancelled_timer(
        context, "cancelled", [&] { order += 'C'; }, Clock::monotonic, ui);
    Timer wall(
        context, "wall", [&] { order += 'w'; }, Clock::wall, ui);
    auto removed = std::make_unique<BottomHalf>(
        context, "removed", [&] { order += 'r'; }, ui);
    {
        const HoldHandlers outer(context, ui);
        {
            const HoldHandlers hold(context, ui);
            half.schedule();
            cancelled.schedule();
            removed->schedule();
            timer.arm_at(clock_now(Clock::monotonic));
            cancelled_timer.arm_at(clock_now(Clock::monotonic));
            wall.arm_at(clock_now(Clock::wall));
            bool posted = false;
            context.post("post", [&] { posted = true; });
            run_until(context, [&] { return posted; });
            for (int round = 0; round != 10; ++round) {
                context.poll(Wait::none);
            }
            CHECK(half.is_scheduled());
            CHECK(timer.is_armed());
            cancelled.cancel();
            cancelled_timer.cancel();
            removed.reset();
        }
        // Two holds.
        context.poll(Wait::none);
        CHECK(order.empty());
    }
    loop.run_until([&] { return order.size() >= 3; });
    loop.run_until_quiet();
    CHECK(order.find('h') != std::string::npos);
    CHECK(order.find('t') != std::string::npos);
    CHECK(order.find('w') != std::string::npos);
    CHECK(order.size() == 3);
}

TEST_CASE("a held timer that is armed anew runs at its new time only", "[class]") {
    TestLoop loop(each_configuration());
    Context& context = loop.context();
    int runs = 0;
    Timer timer(
        context, "timer", [&] { ++runs; }, Clock::virtual_time, ui);
    {
        const HoldHandlers hold(context, ui);
        timer.arm_after(1ms);
        context.advance_virtual_time(2ms);
        context.poll(Wait::none);
        context.poll(Wait::none);
        timer.arm_after(10ms);
    }
    loop.run_until_quiet();
    CHECK(runs == 0);
    context.advance_virtual_time(10ms);
    loop.run_until_quiet();
    CHECK(runs == 1);
}

TEST_CASE("a nested wait in a handler of the user interface serves other handlers only", "[class][B-36][W-16][F20.3]") {
    TestLoop loop(each_configuration());
    Context& context = loop.context();
    std::string order;
    const BottomHalf second(
        context, "second click", [&] { order += "2"; }, ui);
    const BottomHalf click(
        context, "click",
        [&] {
            order += "(";
            second.schedule();
            bool answered = false;
            context.post("answer", [&] {
                order += "a";
                answered = true;
            });
            const HoldHandlers hold(context, ui);
            wait_while(context, [&] { return !answered; });
            order += ")";
        },
        ui);
    click.schedule();
    loop.run_until([&] { return order.size() >= 4; });
    CHECK(order == "(a)2");
}

TEST_CASE("hooks of a held class are not asked", "[class][hooks]") {
    TestLoop loop(each_configuration());
    Context& context = loop.context();
    const Ends ends;
    int asked = 0;
    int ready = 0;
    const FdHandler handler(context, ends.near(), "hooked",
                            {.poll =
                                 [&] {
                                     ++asked;
                                     return ready == 0;
                                 },
                             .poll_ready = [&] { ++ready; }},
                            ui);
    {
        const HoldHandlers hold(context, ui);
        context.poll(Wait::none);
        context.poll(Wait::none);
        CHECK(asked == 0);
        CHECK(ready == 0);
    }
    loop.run_until([&] { return ready == 1; });
    CHECK(asked != 0);
}

TEST_CASE("the general class cannot be held", "[class]") {
    static_cast<void>(each_configuration());
    const ChildEnd end = run_in_child([] {
        Context context;
        const HoldHandlers hold(context, HandlerClass::general);
        return 0;
    });
    CHECK(end.signal == SIGABRT);
    CHECK(end.says("general class"));
}

TEST_CASE("with a budget for an iteration poll() stops behind the callback that exceeds it, and starves nobody",
          "[budget][W-17]") {
    ContextOptions options;
    options.iteration_budget = 1ns;
    TestLoop loop(each_configuration(), options);
    Context& context = loop.context();
    std::string order;
    const Ends ends;
    const FdHandler handler(context, ends.near(), "reader", {.read = [&] {
                                ends.take();
                                order += 'f';
                            }});
    Timer timer(context, "timer", [&] { order += 't'; });
    BottomHalf endless;
    endless = BottomHalf(context, "endless", [&] {
        order += 'b';
        endless.schedule();
    });
    endless.schedule();
    ends.put();
    timer.arm_at(clock_now(Clock::monotonic));
    int iterations = 0;
    while (order.find('f') == std::string::npos || order.find('t') == std::string::npos) {
        REQUIRE(++iterations < 300);
        const std::size_t before = order.size();
        context.poll(Wait::block);
        CHECK(order.size() <= before + 1);
    }
    context.set_iteration_budget(0ns);
    endless.cancel();
    context.post("one", [&] { order += '1'; });
    context.post("two", [&] { order += '2'; });
    const std::size_t before = order.size();
    context.poll(Wait::none);
    CHECK(order.size() >= before + 2);
}
