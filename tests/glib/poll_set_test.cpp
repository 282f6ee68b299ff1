// SPDX-License-Identifier: MIT
// Rule R1: what GLib has to poll.
#include <list>

#include "glib/nested_lab.hpp"
#include "support/descriptors.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

namespace {

FdCallbacks reading(const Ends& ends, int& reads) {
    FdCallbacks callbacks;
    callbacks.read = [&] {
        ends.take();
        ++reads;
    };
    return callbacks;
}

}  // namespace

TEST_CASE("with epoll and io_uring GLib polls one descriptor, with 1 handler and with 500", "[poll set][R1]") {
    const Setting setting = GENERATE(from_range(settings()));
    if (setting.monitor == MonitorKind::poll) {
        return;
    }
    CAPTURE(setting.name());
    NestedLab nested(setting);
    std::list<Ends> ends(1);
    std::list<FdHandler> handlers;
    int reads = 0;
    handlers.emplace_back(*nested.context, ends.back().near(), "fd", reading(ends.back(), reads));
    nested.settle();
    CHECK(nested.polled() == 1);
    while (handlers.size() != 500) {
        ends.emplace_back();
        handlers.emplace_back(*nested.context, ends.back().near(), "fd", reading(ends.back(), reads));
    }
    CHECK(nested.polled() == 1);
    for (const Ends& each : ends) {
        each.put();
    }
    CHECK(nested.run_until([&] { return reads == 500; }));
    // 128 at a time, and no dispatch more than that takes.
    CHECK(reads == 500);
    CHECK(nested.polled() == 1);
}

TEST_CASE("with poll GLib's descriptors follow the handlers", "[poll set][R1][G2.1]") {
    const Setting setting = GENERATE(from_range(settings()));
    if (setting.monitor != MonitorKind::poll) {
        return;
    }
    CAPTURE(setting.name());
    NestedLab nested(setting);
    nested.settle();
    // The wake event.
    CHECK(nested.polled() == 1);
    std::list<Ends> ends;
    std::list<FdHandler> handlers;
    int reads = 0;
    for (int count = 1; count <= 50; ++count) {
        ends.emplace_back();
        handlers.emplace_back(*nested.context, ends.back().near(), "fd", reading(ends.back(), reads));
        REQUIRE(nested.polled() == 1 + static_cast<std::size_t>(count));
    }
    CHECK_FALSE(handlers.front().watch(Interest::none));
    CHECK(nested.polled() == 50);
    handlers.pop_back();
    CHECK(nested.polled() == 49);
    for (const Ends& each : ends) {
        each.put();
    }
    nested.settle();
    CHECK(reads == 48);
    handlers.clear();
    CHECK(nested.polled() == 1);
    nested.attachment = glib::Attachment();
    CHECK(nested.polled() == 0);
}

TEST_CASE("a source that is destroyed takes its descriptors out of GLib's poll at any point of an iteration",
          "[poll set][R15][B-35]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    NestedLab nested(setting);
    const Ends ends;
    int reads = 0;
    const FdHandler handler(*nested.context, ends.near(), "fd", reading(ends, reads));
    nested.settle();
    ends.put();
    const lab::Phase phase = GENERATE(lab::Phase::query, lab::Phase::poll, lab::Phase::check, lab::Phase::dispatch);
    nested.lab.before(phase, [&] { nested.attachment = glib::Attachment(); });
    nested.look();
    CHECK(nested.polled() == 0);
    CHECK(reads == 0);
    // The window that GLib left open is closed: natively everything goes on.
    nested.context->poll(Wait::none);
    CHECK(reads == 1);
}

}  // namespace nestling::testing
