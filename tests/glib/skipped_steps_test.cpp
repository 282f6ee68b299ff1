// SPDX-License-Identifier: MIT
// Call sequences B and J: steps that GLib leaves out. That stale revents (A), starvation (C), readiness that is kept
// (J) and a check without prepare (L) lose nothing is asked by the kit of the Source Lab, in
// tests/lab/adapter_test.cpp.
#include <thread>
#include <vector>

#include "glib/nested_lab.hpp"
#include "glib/reading.hpp"
#include "support/descriptors.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

TEST_CASE("iterations in which GLib checks nobody because its set of descriptors changed lose nothing",
          "[sequence][B][G4.4]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    NestedLab nested(setting);
    const Ends ends;
    // An event object on Windows, where GLib waits for no sockets.
    const EventNotifier unused(NotifierKind::automatic);
    int reads = 0;
    int runs = 0;
    const FdHandler handler(*nested.context, ends.near(), "fd", reading([&] {
        ++reads;
        ends.take();
    }));
    const BottomHalf bottom_half(*nested.context, "bh", [&] { ++runs; });
    nested.settle();
    std::vector<GPollFD> extra(5, GPollFD{unused.fd(), G_IO_IN, 0});
    for (std::size_t change = 0; change != extra.size(); ++change) {
        nested.lab.before(lab::Phase::check, [&] {
            // Each of these makes GLib throw this iteration away.
            g_main_context_add_poll(nested.lab.context(), &extra[change], 0);
            if (change == 2) {
                ends.put();
                nested.lab.on_thread([&] { bottom_half.schedule(); });
            }
        });
        CHECK_FALSE(nested.look().checked(nested.source));
    }
    CHECK(reads + runs == 0);
    nested.settle();
    CHECK(reads == 1);
    CHECK(runs == 1);
    for (GPollFD& fd : extra) {
        g_main_context_remove_poll(nested.lab.context(), &fd);
    }
}

TEST_CASE("readiness found by g_main_context_pending() does nothing when the event has gone since",
          "[sequence][J][G4.2]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    NestedLab nested(setting);
    const Ends ends;
    int calls = 0;
    // Windows has said that there is something to read, and is believed once.
    const bool may_find_nothing = setting.monitor == MonitorKind::win32;
    const FdHandler handler(*nested.context, ends.near(), "fd", reading([&] {
        char letter = 0;
        calls += read_some(ends.near(), {&letter, 1}) == 1 || !may_find_nothing ? 1 : 0;
    }));
    const BottomHalf bottom_half(*nested.context, "bh", [&] { ++calls; });
    Timer timer(*nested.context, "timer", [&] { ++calls; });
    nested.settle();
    SECTION("to a native poll that was quicker") {
        ends.put();
        bottom_half.schedule();
        timer.arm_at(clock_now(Clock::monotonic));
        CHECK(nested.lab.pending());
        nested.context->poll(Wait::none);
        CHECK(calls == 3);
    }
    SECTION("to somebody else") {
        ends.put();
        CHECK(nested.lab.pending());
        ends.take();
    }
    const int before = calls;
    nested.settle();
    CHECK(calls == before);
    // And the source is none the worse for it.
    ends.put();
    nested.settle();
    CHECK(calls == before + 1);
}

}  // namespace nestling::testing
