// SPDX-License-Identifier: MIT
// The shortest ways to make a loop sleep for ever with work pending, each spelt out. A step of the lab says so if the
// loop would.
#include <chrono>

#include "glib/nested_lab.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

using namespace std::chrono_literals;
using lab::Phase;

TEST_CASE("work that a bottom half leaves behind in a poll between prepare and poll keeps GLib awake",
          "[window][M7][G7.1][B-6]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    NestedLab nested(setting);
    bool has_run = false;
    const BottomHalf second(*nested.context, "second", [&] { has_run = true; });
    const BottomHalf first(*nested.context, "first", [&] { second.schedule(); });
    nested.settle();
    nested.lab.before(Phase::poll, [&] {
        first.schedule();
        nested.context->poll(Wait::none);
        REQUIRE_FALSE(has_run);
    });
    CHECK_FALSE(nested.lab.step().would_sleep);
    CHECK(has_run);
}

TEST_CASE("a timer that is armed by a callback whose wakeup a second poll takes away still ends GLib's sleep",
          "[window][M3][G7.2]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    NestedLab nested(setting);
    bool has_fired = false;
    Timer timer(*nested.context, "timer", [&] { has_fired = true; });
    const BottomHalf arming(*nested.context, "arming", [&] { timer.arm_after(200us); });
    nested.settle();
    nested.lab.before(Phase::poll, [&] {
        arming.schedule();
        nested.context->poll(Wait::none);
        nested.context->poll(Wait::none);
    });
    if (!nested.lab.has_virtual_time()) {
        // A step does not wait for real time.
        CHECK(nested.run_until([&] { return has_fired; }));
        return;
    }
    while (!has_fired) {
        REQUIRE_FALSE(nested.lab.step().would_sleep);
    }
    CHECK(nested.lab.now() < 2ms);
}

TEST_CASE("a wakeup that poll has dealt with completely need not end GLib's sleep", "[window][G7.4]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    NestedLab nested(setting);
    int runs = 0;
    const BottomHalf work(*nested.context, "work", [&] { ++runs; });
    nested.settle();
    nested.lab.before(Phase::poll, [&] {
        work.schedule();
        nested.context->poll(Wait::none);
        CHECK(runs == 1);
    });
    nested.settle();
    CHECK(runs == 1);
    CHECK(nested.context->statistics().wakes_handed_on == 0);
}

TEST_CASE("each poll in the window hands on the wakeup that it took away, and the work runs once", "[window][G7.1]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    NestedLab nested(setting);
    int left = 5;
    BottomHalf chain;
    chain = BottomHalf(*nested.context, "chain", [&] {
        if (--left != 0) {
            chain.schedule();
        }
    });
    nested.settle();
    nested.lab.before(Phase::poll, [&] {
        chain.schedule();
        nested.context->poll(Wait::none);
        nested.context->poll(Wait::none);
        nested.context->poll(Wait::block);
        CHECK(left == 2);
    });
    while (left != 0) {
        REQUIRE_FALSE(nested.lab.step().would_sleep);
    }
}

}  // namespace nestling::testing
