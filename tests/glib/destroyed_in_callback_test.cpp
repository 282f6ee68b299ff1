// SPDX-License-Identifier: MIT
// Call sequence N: callbacks that end their own source.
#include <chrono>
#include <memory>

#include "glib/reading.hpp"
#include "glib/settings.hpp"
#include "support/descriptors.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

TEST_CASE("a bottom half may destroy its source and drop the last reference to its context", "[sequence][N][R15]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    const MainContext main;
    auto context = std::make_shared<Context>(setting.options());
    const std::weak_ptr<Context> watch = context;
    glib::Attachment attachment = glib::attach(context, {}, main.get());
    int runs = 0;
    bool was_alive = false;
    BottomHalf bottom_half;
    bottom_half = BottomHalf(*context, "last", [&] {
        ++runs;
        bottom_half = BottomHalf();
        attachment = glib::Attachment();
        context.reset();
        was_alive = !watch.expired();
    });
    bottom_half.schedule();
    main.run_until([&] { return runs == 1; });
    CHECK(was_alive);
    CHECK(watch.expired());
    main.settle();
    CHECK(runs == 1);
}

TEST_CASE("an fd handler, a timer and a nested poll may destroy the source as well", "[sequence][N][R15]") {
    const MainContext main;
    auto context = std::make_shared<Context>();
    glib::Attachment attachment = glib::attach(context, {}, main.get());
    const Ends ends;
    int after = 0;
    const BottomHalf other(*context, "other", [&] { ++after; });
    const auto destroy = [&] {
        attachment = glib::Attachment();
        other.schedule();
    };
    FdHandler handler;
    Timer timer;
    BottomHalf bottom_half;
    SECTION("an fd handler") {
        handler = FdHandler(*context, ends.near(), "fd", reading([&] {
            destroy();
            handler = FdHandler();
        }));
        ends.put();
    }
    SECTION("a timer") {
        timer = Timer(*context, "timer", destroy);
        timer.arm_after(std::chrono::microseconds(100));
    }
    SECTION("a bottom half in a nested poll") {
        bottom_half = BottomHalf(*context, "bh", [&] {
            bottom_half = BottomHalf(*context, "inner", destroy);
            bottom_half.schedule();
            context->poll(Wait::block);
        });
        bottom_half.schedule();
    }
    main.run_until([&] { return attachment.source() == nullptr; });
    main.settle();
    // Nobody drives it any more; natively it goes on.
    CHECK(after == 0);
    context->poll(Wait::block);
    CHECK(after == 1);
}

TEST_CASE("what is left when a callback destroys the source waits for whoever drives the context next",
          "[sequence][N][R15]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    const MainContext main;
    const auto context = std::make_shared<Context>(setting.options());
    const glib::Attachment attachment = glib::attach(context, {}, main.get());
    const Ends ends;
    int after = 0;
    const FdHandler handler(*context, ends.near(), "fd", reading([&] {
        ends.take();
        ++after;
    }));
    Timer timer(*context, "timer", [&] { ++after; });
    main.settle();
    SECTION("destroyed by GLib's function") {
        context->post("first", [&] { g_source_destroy(attachment.source()); });
        context->post("second", [&] { ++after; });
    }
    SECTION("destroyed inside a nested iteration") {
        context->post("first", [&] {
            context->post("inner", [&] { g_source_destroy(attachment.source()); });
            context->post("second", [&] { ++after; });
            main.look();
        });
    }
    ends.put();
    timer.arm_at(clock_now(Clock::monotonic));
    main.settle();
    CHECK(after == 0);
    while (context->poll(Wait::none)) {
    }
    CHECK(after == 3);
}

}  // namespace nestling::testing
