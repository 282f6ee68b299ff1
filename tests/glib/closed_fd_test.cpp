// SPDX-License-Identifier: MIT
// Call sequence P: descriptors that are closed too early.
#include <utility>

#include "glib/poll_hook.hpp"
#include "glib/reading.hpp"
#include "glib/settings.hpp"
#include "support/descriptors.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

TEST_CASE("a descriptor that is closed while a handler watches it is reported once and does not spin",
          "[sequence][P]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    ContextOptions options = setting.options();
    int reports = 0;
    options.on_report = [&](const Report& report) { reports += report.kind == Report::Kind::closed_fd ? 1 : 0; };
    Nested nested(std::move(options));
    Ends ends;
    int reads = 0;
    const FdHandler handler(*nested.context, ends.near(), "fd", reading([&] { ++reads; }));
    nested.main.settle();
    ends.put();
    ends.close_near();
    nested.main.settle();
    const auto iterations = nested.context->statistics().iterations;
    int sleeps = 0;
    const PollHook hook(nested.main, [&](GPollFD* fds, guint size, int) {
        const int ready = poll_glib(fds, size, 0);
        sleeps += ready == 0 ? 1 : 0;
        return ready;
    });
    for (int round = 0; round < 10; ++round) {
        nested.main.look();
    }
    CHECK(sleeps == 10);
    CHECK(nested.context->statistics().iterations == iterations);
    nested.context->report_closed_fds();
    CHECK(reports == 1);
    CHECK(reads == 0);
}

}  // namespace nestling::testing
