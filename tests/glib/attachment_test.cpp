// SPDX-License-Identifier: MIT
// Rules R2, R10 and R15: to what a source is attached, and for how long.
#include <memory>
#include <system_error>
#include <utility>

#include "glib/settings.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

namespace {

bool is_busy(const std::shared_ptr<Context>& context) {
    try {
        const glib::SourcePtr source = glib::make_source(context);
        return false;
    } catch (const std::system_error& error) {
        return error.code() == std::errc::device_or_resource_busy;
    }
}

}  // namespace

TEST_CASE("without a GMainContext the source goes to the thread-default one", "[options][R10]") {
    const MainContext main;
    const auto context = std::make_shared<Context>();
    const ThreadDefault here(main);
    const glib::Attachment attachment = glib::attach(context);
    CHECK(g_source_get_context(attachment.source()) == main.get());
}

TEST_CASE("a context nests in one source at a time, and in another when that is gone", "[options][R2]") {
    const MainContext main;
    const auto context = std::make_shared<Context>();
    int runs = 0;
    const BottomHalf bottom_half(*context, "bh", [&] { ++runs; });
    {
        const glib::Attachment attachment = glib::attach(context, {}, main.get());
        CHECK(is_busy(context));
        // What failed left no trace.
        CHECK(context.use_count() == 2);
        bottom_half.schedule();
        main.run_until([&] { return runs == 1; });
    }
    CHECK(context.use_count() == 1);
    bottom_half.schedule();
    main.settle();
    CHECK(runs == 1);
    const MainContext second;
    const glib::Attachment attachment = glib::attach(context, {}, second.get());
    second.run_until([&] { return runs == 2; });
    CHECK(runs == 2);
}

TEST_CASE("an attachment destroys its source at the end of its life, when moved into and not when moved from",
          "[options]") {
    const MainContext main;
    const auto one = std::make_shared<Context>();
    const auto two = std::make_shared<Context>();
    glib::Attachment first = glib::attach(one, {}, main.get());
    glib::Attachment second = glib::attach(two, {}, main.get());
    glib::Attachment moved(std::move(first));
    CHECK(is_busy(one));
    CHECK(first.source() == nullptr);
    moved = std::move(second);
    CHECK_FALSE(is_busy(one));
    CHECK(is_busy(two));
    moved = glib::Attachment();
    CHECK_FALSE(is_busy(two));
}

TEST_CASE("an attachment holds any other source as well", "[options]") {
    const MainContext main;
    GSource* timeout = g_timeout_source_new(1000);
    g_source_attach(timeout, main.get());
    { const glib::Attachment attachment{glib::SourcePtr(g_source_ref(timeout))}; }
    CHECK(g_source_is_destroyed(timeout) != FALSE);
    g_source_unref(timeout);
}

TEST_CASE("a source that is destroyed while somebody holds a reference runs nothing more", "[options][R15]") {
    Nested nested;
    int runs = 0;
    const BottomHalf bottom_half(*nested.context, "bh", [&] { ++runs; });
    GSource* kept = g_source_ref(nested.attachment.source());
    bottom_half.schedule();
    nested.attachment = glib::Attachment();
    nested.main.settle();
    CHECK(runs == 0);
    CHECK(is_busy(nested.context));
    g_source_unref(kept);
    CHECK_FALSE(is_busy(nested.context));
}

TEST_CASE("a source that was never attached can be dropped", "[options][R15]") {
    const auto context = std::make_shared<Context>();
    { const glib::SourcePtr source = glib::make_source(context); }
    CHECK(context.use_count() == 1);
    CHECK_FALSE(is_busy(context));
}

}  // namespace nestling::testing
