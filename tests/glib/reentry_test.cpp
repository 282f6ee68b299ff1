// SPDX-License-Identifier: MIT
// Rule R3: re-entry through GLib, refused.
#include "glib/nested_lab.hpp"
#include "glib/reading.hpp"
#include "support/descriptors.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

TEST_CASE("a nested iteration leaves a source that refuses re-entry alone, without spinning on it", "[options][R3]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    glib::SourceOptions options;
    options.reentry = glib::Reentry::refuse;
    NestedLab nested(setting, options);
    const Ends ends;
    int inner = 0;
    int awake = 0;
    FdCallbacks callbacks;
    callbacks.read = [&] {
        ends.take();
        ++inner;
    };
    const FdHandler handler(*nested.context, ends.near(), "fd", std::move(callbacks));
    const BottomHalf other(*nested.context, "other", [&] { ++inner; });
    bool has_run = false;
    const BottomHalf outer(*nested.context, "outer", [&] {
        other.schedule();
        ends.put();
        for (int round = 0; round < 10; ++round) {
            awake += nested.look().poll_result != 0 ? 1 : 0;
        }
        has_run = true;
        CHECK(inner == 0);
    });
    nested.settle();
    outer.schedule();
    nested.run_until([&] { return has_run; });
    CHECK(awake <= 1);
    nested.run_until([&] { return inner == 2; });
    // Readiness is waited for again.
    ends.put();
    nested.run_until([&] { return inner == 3; });
    CHECK(inner == 3);
}

TEST_CASE("a native poll in a callback runs the context also where re-entry through GLib is refused", "[options][R3]") {
    glib::SourceOptions options;
    options.reentry = glib::Reentry::refuse;
    NestedLab nested({MonitorKind::automatic, NotifierKind::automatic}, options);
    bool inner = false;
    const BottomHalf other(*nested.context, "other", [&] { inner = true; });
    const BottomHalf outer(*nested.context, "outer", [&] {
        other.schedule();
        nested.context->poll(Wait::block);
        CHECK(inner);
    });
    outer.schedule();
    nested.run_until([&] { return inner; });
    CHECK(inner);
}

}  // namespace nestling::testing
