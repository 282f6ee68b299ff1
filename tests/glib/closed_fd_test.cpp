// SPDX-License-Identifier: MIT
// Call sequence P: descriptors that are closed too early.
#include "glib/nested_lab.hpp"
#include "glib/reading.hpp"
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
    NestedLab nested(std::move(options));
    Ends ends;
    int reads = 0;
    const FdHandler handler(*nested.context, ends.near(), "fd", reading([&] { ++reads; }));
    nested.settle();
    ends.put();
    ends.close_near();
    nested.settle();
    CHECK(nested.lab.step().would_sleep);
    nested.context->report_closed_fds();
    CHECK(reports == 1);
    // Windows has said that there is something to read before it was closed, and is believed.
    CHECK(reads <= (setting.monitor == MonitorKind::win32 ? 1 : 0));
}

}  // namespace nestling::testing
