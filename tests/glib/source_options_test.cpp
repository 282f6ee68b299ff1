// SPDX-License-Identifier: MIT
// Rules R11 to R13: what the user of a source sets and sees.
#include <chrono>
#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "glib/reading.hpp"
#include "glib/settings.hpp"
#include "support/descriptors.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

using namespace std::chrono_literals;
using glib::Preset;

TEST_CASE("the source is named after its context and may recurse", "[options][R2][R3][R11]") {
    ContextOptions options;
    options.name = "disk cache";
    const auto context = std::make_shared<Context>(std::move(options));
    const glib::SourcePtr source = glib::make_source(context);
    CHECK(g_source_get_name(source.get()) == std::string("[nestling] disk cache"));
    CHECK(g_source_get_can_recurse(source.get()) != FALSE);
    CHECK(context.use_count() == 2);
    CHECK(g_source_get_ready_time(source.get()) == -1);
}

TEST_CASE("each preset has its place among the priorities of a program with a window", "[options][R12]") {
    const auto priority = [](Preset preset) {
        return g_source_get_priority(glib::make_source(std::make_shared<Context>(), preset).get());
    };
    CHECK(priority(Preset::daemon) == 0);
    CHECK(priority(Preset::gui_io) == 130);
    CHECK(priority(Preset::gui_urgent) == 0);
    CHECK(priority(Preset::background) == 200);
    CHECK(glib::SourceOptions(Preset::daemon).budget == 0ns);
    CHECK(glib::SourceOptions(Preset::gui_io).budget == 0ns);
    CHECK(glib::SourceOptions(Preset::gui_urgent).budget == 2ms);
    glib::SourceOptions options;
    options.priority = -7;
    CHECK(g_source_get_priority(glib::make_source(std::make_shared<Context>(), options).get()) == -7);
}

TEST_CASE("what a callback throws goes to the hook with the name of the handle, and not through GLib",
          "[options][R13]") {
    ContextOptions options;
    std::vector<std::string> names;
    options.on_exception = [&](std::exception_ptr error, const char* handle) {
        CHECK(error != nullptr);
        names.emplace_back(handle);
    };
    Nested nested(std::move(options));
    const Ends ends;
    const BottomHalf bottom_half(*nested.context, "bh", [] { throw 1; });
    Timer timer(*nested.context, "timer", [] { throw 2; });
    FdCallbacks callbacks;
    callbacks.read = [&] {
        ends.take();
        throw 3;
    };
    const FdHandler handler(*nested.context, ends.near(), "fd", std::move(callbacks));
    nested.main.settle();
    bottom_half.schedule();
    timer.arm_at(clock_now(Clock::monotonic));
    ends.put();
    nested.main.run_until([&] { return names.size() == 3; });
    CHECK(names == std::vector<std::string>{"bh", "fd", "timer"});
}

}  // namespace nestling::testing
