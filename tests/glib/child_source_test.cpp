// SPDX-License-Identifier: MIT
// Call sequence M: the source as a child, and as a parent.
#include <memory>
#include <thread>
#include <utility>

#include "glib/reading.hpp"
#include "glib/scripted_source.hpp"
#include "glib/settings.hpp"
#include "support/descriptors.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

TEST_CASE("as the child of another source it runs, and makes its parent ready", "[sequence][M]") {
    const MainContext main;
    const auto context = std::make_shared<Context>();
    int runs = 0;
    int parent_runs = 0;
    const BottomHalf bottom_half(*context, "bh", [&] { ++runs; });
    ScriptedSource::Steps steps;
    steps.dispatch = [&] { ++parent_runs; };
    const ScriptedSource parent(G_PRIORITY_DEFAULT, std::move(steps));
    const glib::SourcePtr child = glib::make_source(context);
    g_source_add_child_source(parent.get(), child.get());
    g_source_attach(parent.get(), main.get());
    main.settle();
    parent_runs = 0;
    std::thread([&] { bottom_half.schedule(); }).join();
    main.run_until([&] { return runs == 1; });
    CHECK(parent_runs == 1);
    g_source_destroy(parent.get());
}

TEST_CASE("as the parent of a source whose readiness hides its prepare it loses nothing",
          "[sequence][M][B-62][G4.10]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    Nested nested(setting);
    const Ends ends;
    int runs = 0;
    int reads = 0;
    int busy = 0;
    ScriptedSource::Steps steps;
    steps.prepare = [&] { return busy > 0; };
    steps.dispatch = [&] { --busy; };
    const ScriptedSource child(G_PRIORITY_DEFAULT, std::move(steps));
    const BottomHalf bottom_half(*nested.context, "bh", [&] { ++runs; });
    const FdHandler handler(*nested.context, ends.near(), "fd", reading([&] {
        ++reads;
        ends.take();
    }));
    g_source_add_child_source(nested.attachment.source(), child.get());
    nested.main.settle();
    busy = 10;
    bottom_half.schedule();
    ends.put();
    nested.main.settle();
    CHECK(runs == 1);
    CHECK(reads == 1);
    CHECK(busy == 0);
}

}  // namespace nestling::testing
