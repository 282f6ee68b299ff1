// SPDX-License-Identifier: MIT
// How contexts begin and end, and what happens to those who use them wrongly.
#include <nestling/nestling.hpp>

#include <algorithm>
#include <csignal>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "contract/peace.hpp"
#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/open_fds.hpp"
#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;
using namespace std::chrono_literals;

TEST_CASE("a context is what was asked for, and gives everything back", "[lifetime][F1.1][F1.4][F11.2]") {
    const Configuration cell = each_configuration();
    {
        // What the system makes when it is first needed, and keeps.
        TestLoop first(cell);
        CHECK(sleeps_in_peace(first));
    }
    const std::size_t before = count_open_fds();
    {
        TestLoop loop(cell, options_for(cell, "asked"));
        CHECK(loop.context().name() == "asked");
        CHECK(loop.context().monitor().kind == cell.monitor);
        CHECK_FALSE(loop.context().monitor().reason.empty());
        CHECK(loop.context().is_home());
        // With everything that is made on demand.
        int fired = 0;
        Timer monotonic(loop.context(), "monotonic", [&] { ++fired; });
        Timer wall(
            loop.context(), "wall", [&] { ++fired; }, Clock::wall);
        monotonic.arm_after(1ms);
        wall.arm_after(1ms);
        loop.run_until([&] { return fired == 2; });
        CHECK(count_open_fds() > before);
    }
    CHECK(count_open_fds() == before);
}

TEST_CASE("a context destroyed with handles alive ends the process and names each of them",
          "[lifetime][death][F1.4][F1.5]") {
    const Configuration cell = each_configuration();
    const ChildEnd end = run_in_child([&] {
        std::optional<Context> context(std::in_place, options_for(cell, "leaky"));
        const Ends ends;
        const BottomHalf half(*context, "the half", [] {});
        const FdHandler handler(*context, ends.near(), "the handler", {.read = [] {}});
        const Timer timer(*context, "the timer", [] {});
        context.reset();
        return 0;
    });
    CHECK(end.signal == SIGABRT);
    CHECK(end.says("leaky"));
    CHECK(end.says("the half"));
    CHECK(end.says("the handler"));
    CHECK(end.says("the timer"));
}

TEST_CASE("posts that have not run when a context goes are dropped, freed and reported", "[lifetime][F1.4]") {
    const Configuration cell = each_configuration();
    std::vector<Report> reports;
    const auto owned = std::make_shared<int>(0);
    {
        ContextOptions options = options_for(cell, "forgetful");
        options.on_report = [&](const Report& report) { reports.push_back(report); };
        TestLoop loop(cell, std::move(options));
        loop.context().post("first", [mine = owned] { ++*mine; });
        loop.context().post("second", [mine = owned] { ++*mine; });
    }
    CHECK(*owned == 0);
    CHECK(owned.use_count() == 1);
    REQUIRE(reports.size() == 1);
    CHECK(reports[0].kind == Report::Kind::dropped_posts);
    CHECK(reports[0].context == "forgetful");
    CHECK(reports[0].text.find('2') != std::string::npos);
}

TEST_CASE("a handle that was destroyed while scheduled does not keep its context from going",
          "[lifetime][F1.4][F5.9]") {
    const Configuration cell = each_configuration();
    std::vector<Report> reports;
    const auto owned = std::make_shared<int>(0);
    {
        ContextOptions options = options_for(cell);
        options.on_report = [&](const Report& report) { reports.push_back(report); };
        TestLoop loop(cell, std::move(options));
        const BottomHalf half(loop.context(), "half", [mine = owned] { ++*mine; });
        half.schedule();
        Timer timer(loop.context(), "timer", [mine = owned] { ++*mine; });
        std::thread([&] { timer.arm_after(0ns); }).join();
    }
    CHECK(*owned == 0);
    CHECK(owned.use_count() == 1);
    CHECK(reports.empty());
}

TEST_CASE("a post that a context drops takes along the handles that it owns", "[lifetime][F1.4]") {
    const Configuration cell = each_configuration();
    const ChildEnd end = run_in_child([&] {
        std::vector<Report> reports;
        ContextOptions options = options_for(cell, "owner");
        options.on_report = [&](const Report& report) { reports.push_back(report); };
        std::optional<Context> context(std::in_place, std::move(options));
        const Ends ends;
        auto timer = std::make_shared<Timer>(*context, "timer", [] {});
        timer->arm_after(1h);
        auto half = std::make_shared<BottomHalf>(*context, "half", [] {});
        half->schedule();
        auto handler = std::make_shared<FdHandler>(*context, ends.near(), "handler", FdCallbacks{.read = [] {}});
        context->post("owner of handles", [timer, half, handler] {});
        timer.reset();
        half.reset();
        handler.reset();
        context.reset();
        return reports.size() == 1 ? 0 : 1;
    });
    INFO(end.errors);
    CHECK(end.signal == 0);
    CHECK(end.exit_code == 0);
}

TEST_CASE("what a callback throws goes to the hook with the name of its handle, and the loop goes on",
          "[lifetime][faults][throws]") {
    const Configuration cell = each_configuration();
    std::vector<std::string> caught;
    ContextOptions options = options_for(cell);
    options.on_exception = [&](std::exception_ptr error, const char* handle) {
        try {
            std::rethrow_exception(error);
        } catch (const std::runtime_error& what) {
            caught.push_back(std::string(handle) + ": " + what.what());
        }
    };
    TestLoop loop(cell, std::move(options));
    const Ends ends;
    ends.put();
    int after = 0;
    const BottomHalf half(loop.context(), "half", [] { throw std::runtime_error("one"); });
    const BottomHalf next(loop.context(), "next", [&] { ++after; });
    const FdHandler handler(loop.context(), ends.near(), "handler", {.read = [&] {
                                ends.take();
                                throw std::runtime_error("two");
                            }});
    Timer timer(loop.context(), "timer", [] { throw std::runtime_error("three"); });
    half.schedule();
    next.schedule();
    loop.context().post("post", [] { throw std::runtime_error("four"); });
    timer.arm_after(0ns);
    loop.run_until([&] { return caught.size() == 4; });
    // Whether a descriptor is seen in the first iteration or the next is up to the driver.
    std::sort(caught.begin(), caught.end());
    CHECK(caught == std::vector<std::string>{"half: one", "handler: two", "post: four", "timer: three"});
    CHECK(after == 1);
    CHECK_FALSE(loop.look());
}

TEST_CASE("without a hook what a callback throws ends the process and names the handle", "[lifetime][death][throws]") {
    const Configuration cell = each_configuration();
    const ChildEnd end = run_in_child([&] {
        TestLoop loop(cell, options_for(cell, "strict"));
        const BottomHalf half(loop.context(), "the thrower", [] { throw std::runtime_error("no such luck"); });
        half.schedule();
        loop.block();
        return 0;
    });
    CHECK(end.signal == SIGABRT);
    CHECK(end.says("strict"));
    CHECK(end.says("the thrower"));
    CHECK(end.says("no such luck"));
}
