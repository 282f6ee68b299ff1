// SPDX-License-Identifier: MIT
// Call sequences A, B, C, J and L: steps that GLib leaves out.
#include <algorithm>
#include <thread>
#include <vector>

#include "glib/poll_hook.hpp"
#include "glib/reading.hpp"
#include "glib/scripted_source.hpp"
#include "glib/settings.hpp"
#include "support/descriptors.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

TEST_CASE("stale revents of an earlier iteration call no fd handler", "[sequence][A]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    Nested nested(setting);
    const Ends ends;
    int reads = 0;
    const FdHandler handler(*nested.context, ends.near(), "fd", reading([&] {
        ++reads;
        ends.take();
    }));
    nested.main.settle();
    // The iteration that leaves the revents behind: an earlier source turns out to be ready, so ours is not checked.
    bool is_ready = false;
    bool is_urgent = false;
    ScriptedSource::Steps steps;
    steps.prepare = [&] { return is_urgent; };
    steps.check = [&] { return is_ready; };
    const ScriptedSource other(nested.main, -10, std::move(steps));
    // With a descriptor of its own, or GLib would not poll at all for it.
    const Ends unused;
    GPollFD own{unused.near(), G_IO_IN, 0};
    g_source_add_poll(other.get(), &own);
    ends.put();
    is_ready = true;
    nested.main.look();
    REQUIRE(reads == 0);
    ends.take();
    // Now only the other priority is polled; then that source goes, and the check falls through to ours.
    is_ready = false;
    is_urgent = true;
    GSource* destroyed = other.get();
    guint least = 2;
    const PollHook hook(nested.main, [&](GPollFD* fds, guint size, int timeout) {
        least = std::min(least, size);
        g_source_destroy(destroyed);
        return poll_glib(fds, size, timeout);
    });
    nested.main.look();
    CHECK(least == 1);
    nested.main.settle();
    CHECK(reads == 0);
    ends.put();
    nested.main.settle();
    CHECK(reads == 1);
}

TEST_CASE("iterations in which GLib checks nobody because its set of descriptors changed lose nothing",
          "[sequence][B][G4.4]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    Nested nested(setting);
    const Ends ends;
    const Ends unused;
    int reads = 0;
    int runs = 0;
    const FdHandler handler(*nested.context, ends.near(), "fd", reading([&] {
        ++reads;
        ends.take();
    }));
    const BottomHalf bottom_half(*nested.context, "bh", [&] { ++runs; });
    nested.main.settle();
    int changes = 5;
    std::vector<GPollFD> extra(5, GPollFD{unused.near(), G_IO_IN, 0});
    {
        const PollHook hook(nested.main, [&](GPollFD* fds, guint size, int timeout) {
            if (changes != 0) {
                // Each of these makes GLib throw this iteration away.
                g_main_context_add_poll(nested.main.get(), &extra[static_cast<std::size_t>(--changes)], 0);
                CHECK(reads + runs == 0);
                if (changes == 2) {
                    ends.put();
                    std::thread([&] { bottom_half.schedule(); }).join();
                }
            }
            return poll_glib(fds, size, timeout);
        });
        nested.main.run_until([&] { return reads + runs == 2; });
        CHECK(changes == 0);
    }
    CHECK(reads == 1);
    CHECK(runs == 1);
    for (GPollFD& fd : extra) {
        g_main_context_remove_poll(nested.main.get(), &fd);
    }
}

TEST_CASE("a source that is starved by an earlier one runs all its work when that gets quiet", "[sequence][C][G4.3]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    Nested nested(setting, glib::Preset::background);
    int runs = 0;
    const BottomHalf bottom_half(*nested.context, "bh", [&] { ++runs; });
    Timer timer(*nested.context, "timer", [&] { ++runs; });
    nested.main.settle();
    int busy = 20;
    ScriptedSource::Steps steps;
    steps.prepare = [&] { return busy > 0; };
    steps.dispatch = [&] { --busy; };
    const ScriptedSource other(nested.main, 0, std::move(steps));
    bottom_half.schedule();
    timer.arm_at(clock_now(Clock::monotonic));
    while (busy > 0) {
        nested.main.sleep();
        REQUIRE(runs == 0);
    }
    nested.main.run_until([&] { return runs == 2; });
    CHECK(runs == 2);
}

TEST_CASE("readiness found by g_main_context_pending() survives until the next iteration", "[sequence][J][G4.2]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    Nested nested(setting);
    const Ends ends;
    int reads = 0;
    const FdHandler handler(*nested.context, ends.near(), "fd", reading([&] {
        ++reads;
        ends.take();
    }));
    nested.main.settle();
    ends.put();
    CHECK(g_main_context_pending(nested.main.get()) != FALSE);
    SECTION("and is dispatched there") {
        nested.main.look();
        CHECK(reads == 1);
    }
    SECTION("and does nothing there when a native poll was quicker") {
        nested.context->poll(Wait::none);
        CHECK(reads == 1);
        nested.main.look();
        nested.main.settle();
        CHECK(reads == 1);
        // And the source is none the worse for it.
        ends.put();
        nested.main.run_until([&] { return reads == 2; });
        CHECK(reads == 2);
    }
    SECTION("and does nothing there when the event has gone") {
        ends.take();
        nested.main.look();
        nested.main.settle();
        CHECK(reads == 0);
    }
}

TEST_CASE("pending bottom halves and timers are not run twice when poll() comes between pending and iteration",
          "[sequence][J]") {
    Nested nested;
    int runs = 0;
    const BottomHalf bottom_half(*nested.context, "bh", [&] { ++runs; });
    Timer timer(*nested.context, "timer", [&] { ++runs; });
    nested.main.settle();
    bottom_half.schedule();
    timer.arm_at(clock_now(Clock::monotonic));
    CHECK(g_main_context_pending(nested.main.get()) != FALSE);
    nested.context->poll(Wait::none);
    CHECK(runs == 2);
    nested.main.look();
    nested.main.settle();
    CHECK(runs == 2);
}

TEST_CASE("a source attached between prepare and check misses nothing", "[sequence][L]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    const MainContext main;
    const auto context = std::make_shared<Context>(setting.options());
    int runs = 0;
    const BottomHalf bottom_half(*context, "bh", [&] { ++runs; });
    glib::Attachment attachment;
    const PollHook hook(main, [&](GPollFD* fds, guint size, int timeout) {
        if (attachment.source() == nullptr) {
            bottom_half.schedule();
            // On another thread, because GLib does not end its own thread's sleep for a source that comes now.
            std::thread([&] { attachment = glib::attach(context, {}, main.get()); }).join();
        }
        return poll_glib(fds, size, timeout);
    });
    main.run_until([&] { return runs == 1; });
    CHECK(runs == 1);
    attachment = glib::Attachment();
}

}  // namespace nestling::testing
