// SPDX-License-Identifier: MIT
#include <nestling/nestling.hpp>

#include <optional>
#include <vector>

#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;

namespace {
ContextOptions collecting(std::vector<Report>& reports) {
    ContextOptions options;
    options.name = "guards";
    options.on_report = [&reports](const Report& report) { reports.push_back(report); };
    return options;
}
}  // namespace

TEST_CASE("a guard is engaged while its callback runs, and restored to what it was", "[bh][guard][F5.13]") {
    std::vector<Report> reports;
    TestLoop loop(each_configuration(), collecting(reports));
    ReentryGuard guard;
    bool inside = false;
    const BottomHalf half(loop.context(), "device",
                          guarded(loop.context(), "device", guard, [&] { inside = guard.engaged; }));
    half.schedule();
    CHECK(loop.block());
    CHECK(inside);
    CHECK_FALSE(guard.engaged);
    CHECK(reports.empty());
    guard.engaged = true;
    half.schedule();
    CHECK(loop.block());
    CHECK(guard.engaged);
}

TEST_CASE("entering a guarded callback again is reported by name, and runs all the same", "[bh][guard][F5.13]") {
    std::vector<Report> reports;
    TestLoop loop(each_configuration(), collecting(reports));
    ReentryGuard guard;
    int runs = 0;
    std::optional<BottomHalf> other;
    const BottomHalf half(loop.context(), "outer", guarded(loop.context(), "outer", guard, [&] {
                              ++runs;
                              other->schedule();
                              loop.context().poll(Wait::none);
                              CHECK(guard.engaged);
                          }));
    other.emplace(loop.context(), "inner", guarded(loop.context(), "inner", guard, [&] { ++runs; }));
    half.schedule();
    CHECK(loop.block());
    CHECK(runs == 2);
    CHECK_FALSE(guard.engaged);
    REQUIRE(reports.size() == 1);
    CHECK(reports[0].kind == Report::Kind::reentered);
    CHECK(reports[0].handle == "inner");
    CHECK(reports[0].context == "guards");
}

TEST_CASE("a guarded callback may destroy its bottom half", "[bh][guard][B-14]") {
    std::vector<Report> reports;
    TestLoop loop(each_configuration(), collecting(reports));
    ReentryGuard guard;
    std::optional<BottomHalf> half;
    half.emplace(loop.context(), "device", guarded(loop.context(), "device", guard, [&] { half.reset(); }));
    half->schedule();
    CHECK(loop.block());
    CHECK_FALSE(guard.engaged);
    CHECK_FALSE(half.has_value());
}
