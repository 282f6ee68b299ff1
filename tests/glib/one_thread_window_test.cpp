// SPDX-License-Identifier: MIT
// The shortest ways to make a loop sleep for ever with work pending, each spelt out.
#include <chrono>
#include <functional>
#include <utility>

#include "glib/poll_hook.hpp"
#include "glib/settings.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

namespace {

using namespace std::chrono_literals;

/// A poll(2) that runs `before` in front of its first call, and that does not wait for what never comes.
class Window {
public:
    Window(const MainContext& context, std::function<void()> before)
        : hook_(context, [this, before = std::move(before)](GPollFD* fds, guint size, int timeout) mutable {
              if (before) {
                  std::exchange(before, nullptr)();
              }
              const int ready = poll_glib(fds, size, 0);
              sleeps_for_ever_ += ready == 0 && timeout < 0 ? 1 : 0;
              return ready;
          }) {}

    /// How many times GLib would have slept without limit and without anything that wakes it.
    [[nodiscard]] int sleeps_for_ever() const noexcept { return sleeps_for_ever_; }

private:
    int sleeps_for_ever_ = 0;
    PollHook hook_;
};

}  // namespace

TEST_CASE("work that a bottom half leaves behind in a poll between prepare and poll keeps GLib awake",
          "[window][M7][G7.1][B-6]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    Nested nested(setting);
    Context& context = *nested.context;
    bool has_run = false;
    const BottomHalf second(context, "second", [&] { has_run = true; });
    const BottomHalf first(context, "first", [&] { second.schedule(); });
    nested.main.settle();
    const Window window(nested.main, [&] {
        first.schedule();
        context.poll(Wait::none);
        REQUIRE_FALSE(has_run);
    });
    nested.main.sleep();
    CHECK(window.sleeps_for_ever() == 0);
    CHECK(has_run);
}

TEST_CASE("a timer that is armed by a callback whose wakeup a second poll takes away still ends GLib's sleep",
          "[window][M3][G7.2]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    Nested nested(setting);
    Context& context = *nested.context;
    bool has_fired = false;
    Timer timer(context, "timer", [&] { has_fired = true; });
    const BottomHalf arming(context, "arming", [&] { timer.arm_after(200us); });
    nested.main.settle();
    bool is_first = true;
    const PollHook hook(nested.main, [&](GPollFD* fds, guint size, int timeout) {
        if (std::exchange(is_first, false)) {
            arming.schedule();
            context.poll(Wait::none);
            context.poll(Wait::none);
        }
        if (has_fired) {
            // This thread was kept from running for so long that a poll() above has found it due.
            return poll_glib(fds, size, 0);
        }
        // A bound on failure: the old decision was to sleep without limit.
        const int ready = poll_glib(fds, size, timeout < 0 ? 5000 : timeout);
        CHECK((ready > 0 || timeout >= 0));
        return ready;
    });
    while (!has_fired && hook.count() < 10) {
        nested.main.sleep();
    }
    CHECK(has_fired);
}

TEST_CASE("a wakeup that poll has dealt with completely need not end GLib's sleep", "[window][G7.4]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    Nested nested(setting);
    Context& context = *nested.context;
    int runs = 0;
    const BottomHalf work(context, "work", [&] { ++runs; });
    nested.main.settle();
    const Window window(nested.main, [&] {
        work.schedule();
        context.poll(Wait::none);
        CHECK(runs == 1);
    });
    nested.main.look();
    nested.main.settle();
    CHECK(runs == 1);
    CHECK(context.statistics().wakes_handed_on == 0);
}

TEST_CASE("each poll in the window hands on the wakeup that it took away, and the work runs once", "[window][G7.1]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    Nested nested(setting);
    Context& context = *nested.context;
    int left = 5;
    BottomHalf chain;
    chain = BottomHalf(context, "chain", [&] {
        if (--left != 0) {
            chain.schedule();
        }
    });
    nested.main.settle();
    const Window window(nested.main, [&] {
        chain.schedule();
        context.poll(Wait::none);
        context.poll(Wait::none);
        context.poll(Wait::block);
        CHECK(left == 2);
    });
    nested.main.run_until([&] { return left == 0 || window.sleeps_for_ever() != 0; });
    CHECK(window.sleeps_for_ever() == 0);
    CHECK(left == 0);
}

}  // namespace nestling::testing
