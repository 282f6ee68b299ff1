// SPDX-License-Identifier: MIT
// Rule R1: what GLib has to poll.
#include <list>
#include <vector>

#include "glib/poll_hook.hpp"
#include "glib/settings.hpp"
#include "support/descriptors.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

namespace {

/// How many descriptors GLib polls, without the one by which it wakes itself.
std::size_t polled(const MainContext& context) {
    g_main_context_acquire(context.get());
    int priority = 0;
    int timeout = -1;
    g_main_context_prepare(context.get(), &priority);
    std::vector<GPollFD> fds(1024);
    const int size = g_main_context_query(context.get(), G_MAXINT, &timeout, fds.data(), static_cast<int>(fds.size()));
    g_main_context_check(context.get(), priority, fds.data(), size);
    g_main_context_release(context.get());
    return static_cast<std::size_t>(size) - 1;
}

FdCallbacks reading(const Ends& ends, int& reads) {
    FdCallbacks callbacks;
    callbacks.read = [&] {
        ends.take();
        ++reads;
    };
    return callbacks;
}

}  // namespace

TEST_CASE("with epoll GLib polls one descriptor, with 1 handler and with 500", "[poll set][R1]") {
    const Setting setting = GENERATE(from_range(settings()));
    if (setting.monitor != MonitorKind::epoll) {
        return;
    }
    CAPTURE(setting.name());
    Nested nested(setting);
    std::list<Ends> ends(1);
    std::list<FdHandler> handlers;
    int reads = 0;
    handlers.emplace_back(*nested.context, ends.back().near(), "fd", reading(ends.back(), reads));
    nested.main.settle();
    CHECK(polled(nested.main) == 1);
    while (handlers.size() != 500) {
        ends.emplace_back();
        handlers.emplace_back(*nested.context, ends.back().near(), "fd", reading(ends.back(), reads));
    }
    CHECK(polled(nested.main) == 1);
    for (const Ends& each : ends) {
        each.put();
    }
    nested.main.run_until([&] { return reads == 500; });
    // 128 at a time, and no dispatch more than that takes.
    CHECK(reads == 500);
    CHECK(polled(nested.main) == 1);
}

TEST_CASE("with poll GLib's descriptors follow the handlers", "[poll set][R1][G2.1]") {
    const Setting setting = GENERATE(from_range(settings()));
    if (setting.monitor != MonitorKind::poll) {
        return;
    }
    CAPTURE(setting.name());
    Nested nested(setting);
    nested.main.settle();
    // The wake event.
    CHECK(polled(nested.main) == 1);
    std::list<Ends> ends;
    std::list<FdHandler> handlers;
    int reads = 0;
    for (int count = 1; count <= 50; ++count) {
        ends.emplace_back();
        handlers.emplace_back(*nested.context, ends.back().near(), "fd", reading(ends.back(), reads));
        REQUIRE(polled(nested.main) == 1 + static_cast<std::size_t>(count));
    }
    CHECK_FALSE(handlers.front().watch(Interest::none));
    CHECK(polled(nested.main) == 50);
    handlers.pop_back();
    CHECK(polled(nested.main) == 49);
    for (const Ends& each : ends) {
        each.put();
    }
    nested.main.settle();
    CHECK(reads == 48);
    handlers.clear();
    CHECK(polled(nested.main) == 1);
    nested.attachment = glib::Attachment();
    CHECK(polled(nested.main) == 0);
}

TEST_CASE("a source that is destroyed takes its descriptors out of GLib's poll at any point of an iteration",
          "[poll set][R15][B-35]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    Nested nested(setting);
    const Ends ends;
    int reads = 0;
    const FdHandler handler(*nested.context, ends.near(), "fd", reading(ends, reads));
    nested.main.settle();
    ends.put();
    const bool is_before_poll = GENERATE(true, false);
    {
        const PollHook hook(nested.main, [&](GPollFD* fds, guint size, int timeout) {
            int ready = 0;
            if (is_before_poll) {
                nested.attachment = glib::Attachment();
                ready = poll_glib(fds, size, timeout);
            } else {
                ready = poll_glib(fds, size, timeout);
                nested.attachment = glib::Attachment();
            }
            return ready;
        });
        nested.main.look();
    }
    CHECK(polled(nested.main) == 0);
    CHECK(reads == 0);
    // The window that GLib left open is closed: natively everything goes on.
    nested.context->poll(Wait::none);
    CHECK(reads == 1);
}

}  // namespace nestling::testing
