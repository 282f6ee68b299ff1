// SPDX-License-Identifier: MIT
// Handlers that are replaced, muted and removed.
#include <nestling/nestling.hpp>

#include <memory>
#include <optional>
#include <string>

#include "contract/peace.hpp"
#include "support/descriptors.hpp"
#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;
using namespace std::chrono_literals;

TEST_CASE("set() replaces the callbacks, also inside one of them", "[fd][F6.3][B-20]") {
    TestLoop loop(each_configuration());
    const Ends ends;
    std::string order;
    FdHandler handler;
    handler = FdHandler(loop.context(), ends.near(), "changing", {.read = [&, mine = std::string("first")] {
                            REQUIRE_FALSE(handler.set({.read = [&] {
                                order += '2';
                                ends.take();
                            }}));
                            // The old closure is still there until it returns.
                            order += mine;
                        }});
    ends.put();
    CHECK(loop.block());
    CHECK(order == "first");
    CHECK(loop.block());
    CHECK(order == "first2");
    CHECK_FALSE(loop.look());
}

TEST_CASE("watch() mutes and unmutes without losing events", "[fd][B-16]") {
    TestLoop loop(each_configuration());
    Ends ends(Ends::Kind::socket);
    std::string order;
    FdHandler handler(loop.context(), ends.near(), "muted",
                      {.read = [&] { order += 'r'; }, .write = [&] { order += 'w'; }});
    ends.put();
    REQUIRE_FALSE(handler.watch(Interest::none));
    CHECK_FALSE(loop.look());
    REQUIRE_FALSE(handler.watch(Interest::write));
    CHECK(loop.look());
    CHECK(order == "w");
    REQUIRE_FALSE(handler.watch(Interest::read));
    CHECK(loop.look());
    CHECK(order == "wr");
    // Not even a hang-up may wake a loop whose handler wants nothing.
    REQUIRE_FALSE(handler.watch(Interest::none));
    ends.close_far();
    CHECK(sleeps_in_peace(loop));
    CHECK(order == "wr");
    REQUIRE_FALSE(handler.watch(Interest::both));
    CHECK(loop.look());
    CHECK(order.substr(0, 3) == "wrr");
}

TEST_CASE("a callback may remove a handler and make a new one for the same descriptor", "[fd][B-33][F8.6]") {
    TestLoop loop(each_configuration());
    const Ends ends;
    std::string order;
    std::optional<FdHandler> handler;
    handler.emplace(loop.context(), ends.near(), "old", FdCallbacks{.read = [&] {
                        order += 'o';
                        handler.reset();
                        handler.emplace(loop.context(), ends.near(), "new", FdCallbacks{.read = [&] {
                                            order += 'n';
                                            ends.take();
                                        }});
                    }});
    ends.put();
    CHECK(loop.block());
    CHECK(order == "o");
    CHECK(loop.block());
    CHECK(order == "on");
    CHECK_FALSE(loop.look());
}

TEST_CASE("what a handler owns is destroyed at home before its destruction returns", "[fd][F6.7]") {
    TestLoop loop(each_configuration());
    const Ends ends;
    const auto owned = std::make_shared<int>(1);
    std::optional<FdHandler> handler(std::in_place, loop.context(), ends.near(), "owner",
                                     FdCallbacks{.read = [mine = owned] {}});
    CHECK(owned.use_count() == 2);
    handler.reset();
    loop.run_until_quiet();
    CHECK(owned.use_count() == 1);
}

TEST_CASE("a bottom half that is always scheduled starves no descriptor, not even one that comes later",
          "[fd][bh][F5.6]") {
    TestLoop loop(each_configuration());
    const Ends ends;
    int calls = 0;
    int rounds = 0;
    std::optional<FdHandler> handler;
    BottomHalf busy;
    busy = BottomHalf(loop.context(), "busy", [&] {
        if (++rounds == 3) {
            handler.emplace(loop.context(), ends.near(), "late", FdCallbacks{.read = [&] {
                                ++calls;
                                ends.take();
                            }});
            ends.put();
        }
        busy.schedule();
    });
    busy.schedule();
    while (calls == 0 && rounds < 1000) {
        loop.block();
    }
    CHECK(calls == 1);
    CHECK(rounds <= 6);
    busy.cancel();
}
