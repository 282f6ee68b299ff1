// SPDX-License-Identifier: MIT
#include <nestling/nestling.hpp>

#include <optional>
#include <string>
#include <vector>

#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;

TEST_CASE("bottom halves and posts run in the order in which they were scheduled", "[bh][F5.5]") {
    TestLoop loop(each_configuration());
    std::string order;
    const BottomHalf a(loop.context(), "a", [&] { order += 'a'; });
    const BottomHalf b(loop.context(), "b", [&] { order += 'b'; });
    const BottomHalf c(loop.context(), "c", [&] { order += 'c'; });
    c.schedule();
    loop.context().post("1", [&] { order += '1'; });
    a.schedule();
    b.schedule();
    loop.context().post("2", [&] { order += '2'; });
    CHECK(loop.block());
    CHECK(order == "c1ab2");
}

TEST_CASE("scheduling again before the run keeps the first place, and runs once", "[bh][F5.3]") {
    TestLoop loop(each_configuration());
    std::string order;
    const BottomHalf a(loop.context(), "a", [&] { order += 'a'; });
    const BottomHalf b(loop.context(), "b", [&] { order += 'b'; });
    a.schedule();
    b.schedule();
    a.schedule();
    CHECK(loop.block());
    CHECK(order == "ab");
    CHECK_FALSE(loop.look());
}

TEST_CASE("what a callback schedules runs in the next iteration, also when it comes from a post", "[bh][F5.6]") {
    TestLoop loop(each_configuration());
    std::string order;
    const BottomHalf second(loop.context(), "second", [&] { order += '2'; });
    const BottomHalf first(loop.context(), "first", [&] {
        order += '1';
        second.schedule();
        loop.context().post("third", [&] { order += '3'; });
    });
    first.schedule();
    CHECK(loop.block());
    CHECK(order == "1");
    CHECK(loop.block());
    CHECK(order == "123");
}

TEST_CASE("a nested poll runs the rest of the outer round first, and what was scheduled since then",
          "[bh][nesting][F5.6][B-59]") {
    TestLoop loop(each_configuration());
    std::string order;
    const BottomHalf late(loop.context(), "late", [&] { order += 'l'; });
    const BottomHalf first(loop.context(), "first", [&] {
        order += '(';
        late.schedule();
        CHECK(loop.context().poll(Wait::none));
        order += ')';
    });
    const BottomHalf rest(loop.context(), "rest", [&] { order += 'r'; });
    first.schedule();
    rest.schedule();
    CHECK(loop.block());
    CHECK(order == "(rl)");
    CHECK_FALSE(loop.look());
}

TEST_CASE("a callback may delete other bottom halves of its round, and those that a nested poll has run",
          "[bh][F5.14][B-59]") {
    TestLoop loop(each_configuration());
    std::string order;
    std::optional<BottomHalf> victim;
    std::optional<BottomHalf> nested;
    victim.emplace(loop.context(), "victim", [&] { order += 'v'; });
    nested.emplace(loop.context(), "nested", [&] {
        order += 'n';
        nested.reset();
    });
    const BottomHalf killer(loop.context(), "killer", [&] {
        order += 'k';
        victim.reset();
        CHECK(loop.context().poll(Wait::none));
    });
    killer.schedule();
    victim->schedule();
    nested->schedule();
    CHECK(loop.block());
    CHECK(order == "kn");
    CHECK_FALSE(nested.has_value());
}

TEST_CASE("a bottom half that is deleted in its own callback inside a nested poll stays until it returns",
          "[bh][nesting][F5.14][B-59][B-12]") {
    TestLoop loop(each_configuration());
    std::optional<BottomHalf> outer;
    const auto owned = std::make_shared<int>(7);
    const std::weak_ptr<int> watch = owned;
    int seen = 0;
    const BottomHalf deleter(loop.context(), "deleter", [&] { outer.reset(); });
    outer.emplace(loop.context(), "outer", [&, mine = std::shared_ptr<int>(owned)] {
        deleter.schedule();
        loop.context().poll(Wait::none);
        CHECK_FALSE(outer.has_value());
        seen = *mine;
    });
    outer->schedule();
    CHECK(loop.block());
    CHECK(seen == 7);
    loop.run_until_quiet();
    CHECK(watch.use_count() == 1);
}

TEST_CASE("a callback that cancels the next one of its round keeps that from running", "[bh][F5.8][B-15]") {
    TestLoop loop(each_configuration());
    int runs = 0;
    const BottomHalf next(loop.context(), "next", [&] { ++runs; });
    const BottomHalf first(loop.context(), "first", [&] { next.cancel(); });
    first.schedule();
    next.schedule();
    CHECK(loop.block());
    CHECK(runs == 0);
    CHECK_FALSE(loop.look());
}

TEST_CASE("what a bottom half owns is destroyed at home before its destruction returns", "[bh][F5.9]") {
    TestLoop loop(each_configuration());
    const auto owned = std::make_shared<int>(1);
    std::optional<BottomHalf> idle(std::in_place, loop.context(), "idle", [mine = owned] {});
    CHECK(owned.use_count() == 2);
    idle.reset();
    CHECK(owned.use_count() == 1);
    std::optional<BottomHalf> pending(std::in_place, loop.context(), "pending", [mine = owned] {});
    pending->schedule();
    pending.reset();
    CHECK(owned.use_count() == 1);
}

TEST_CASE("a post runs once and is destroyed after its run", "[bh][F5.10]") {
    TestLoop loop(each_configuration());
    const auto owned = std::make_shared<int>(0);
    loop.context().post("once", [mine = owned] { ++*mine; });
    CHECK(owned.use_count() == 2);
    CHECK(loop.block());
    CHECK(*owned == 1);
    CHECK(owned.use_count() == 1);
    CHECK_FALSE(loop.look());
}

TEST_CASE("moving a handle leaves the schedule in place", "[bh]") {
    TestLoop loop(each_configuration());
    int runs = 0;
    BottomHalf first(loop.context(), "half", [&] { ++runs; });
    first.schedule();
    BottomHalf second(std::move(first));
    CHECK_FALSE(static_cast<bool>(first));  // NOLINT(bugprone-use-after-move): that is what is tested
    CHECK(second.is_scheduled());
    CHECK(loop.block());
    CHECK(runs == 1);
    second = BottomHalf(loop.context(), "other", [&] { runs += 10; });
    second.schedule();
    CHECK(loop.block());
    CHECK(runs == 11);
}
