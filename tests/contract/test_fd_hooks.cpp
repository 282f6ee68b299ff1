// SPDX-License-Identifier: MIT
// Handlers that find work in user space, which their descriptor does not show.
#include <nestling/nestling.hpp>

#include <string>

#include "support/descriptors.hpp"
#include "support/syscall_counter.hpp"
#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;
using namespace std::chrono_literals;

TEST_CASE("a poll hook that says yes makes a blocking iteration call poll_ready without sleeping",
          "[fd][hooks][F6.5]") {
    TestLoop loop(each_configuration());
    const Ends ends;
    int buffered = 3;
    int reads = 0;
    const FdHandler handler(
        loop.context(), ends.near(), "ring",
        {.read = [&] { ++reads; }, .poll = [&] { return buffered > 0; }, .poll_ready = [&] { --buffered; }});
    const std::uint64_t before = sleeps_begun();
    CHECK(loop.block());
    CHECK(loop.block());
    CHECK(loop.look());
    CHECK(buffered == 0);
    CHECK(sleeps_begun() == before);
    CHECK_FALSE(loop.look());
    CHECK(reads == 0);
}

TEST_CASE("poll_ready never runs for a handler whose hook said no", "[fd][hooks][B-52][F6.5]") {
    TestLoop loop(each_configuration());
    const Ends quiet_ends;
    const Ends busy_ends;
    int asked = 0;
    int ready_calls = 0;
    int reads = 0;
    const FdHandler quiet(loop.context(), quiet_ends.near(), "quiet",
                          {.read = [] {},
                           .poll =
                               [&] {
                                   ++asked;
                                   return false;
                               },
                           .poll_ready = [&] { ++ready_calls; }});
    const FdHandler busy(loop.context(), busy_ends.near(), "busy", {.read = [&] {
                             ++reads;
                             busy_ends.take();
                         }});
    for (int round = 0; round < 5; ++round) {
        busy_ends.put();
        CHECK(loop.block());
    }
    CHECK(reads == 5);
    CHECK(asked >= 5);
    CHECK(ready_calls == 0);
}

TEST_CASE("when the descriptor is ready too, read runs and poll_ready does not", "[fd][hooks][F6.5]") {
    const Configuration cell = each_configuration();
    TestLoop loop(cell);
    const Ends ends;
    std::string order;
    bool work = true;
    const FdHandler handler(loop.context(), ends.near(), "both",
                            {.read =
                                 [&] {
                                     order += 'r';
                                     work = false;
                                     ends.take();
                                 },
                             .poll = [&] { return work; },
                             .poll_ready =
                                 [&] {
                                     order += 'p';
                                     work = false;
                                 }});
    ends.put();
    CHECK(loop.context().poll(Wait::block));
    CHECK(order == "r");
    CHECK_FALSE(loop.look());
}

TEST_CASE("a hook without poll_ready does not count", "[fd][hooks][F6.2]") {
    TestLoop loop(each_configuration());
    const Ends ends;
    int asked = 0;
    FdCallbacks callbacks;
    callbacks.read = [] {};
    callbacks.poll = [&] {
        ++asked;
        return true;
    };
    const FdHandler handler(loop.context(), ends.near(), "half", std::move(callbacks));
    CHECK_FALSE(loop.look());
    CHECK(asked == 0);
}

TEST_CASE("poll_ready may poll until something else happens without being entered again",
          "[fd][hooks][nesting][T38][F6.13][B-24]") {
    TestLoop loop(each_configuration());
    const Ends ends;
    const EventNotifier other;
    const Ends other_ends;
    int depth = 0;
    int deepest = 0;
    int ready_calls = 0;
    int asked_inside = 0;
    int others = 0;
    const FdHandler waited_for(loop.context(), other_ends.near(), "waited for", {.read = [&] {
                                   ++others;
                                   other_ends.take();
                               }});
    const FdHandler handler(loop.context(), ends.near(), "always",
                            {.read = [] {},
                             .poll =
                                 [&] {
                                     asked_inside += depth;
                                     return true;
                                 },
                             .poll_ready =
                                 [&] {
                                     ++ready_calls;
                                     deepest = std::max(deepest, ++depth);
                                     other_ends.put();
                                     CHECK(loop.context().poll(Wait::block));
                                     --depth;
                                 }});
    for (int round = 1; round <= 3; ++round) {
        CHECK(loop.block());
        CHECK(ready_calls == round);
        CHECK(others == round);
    }
    CHECK(deepest == 1);
    CHECK(asked_inside == 0);
}

TEST_CASE("a handler may remove itself in poll_ready, and an old hook is never asked after that", "[fd][hooks][F6.7]") {
    TestLoop loop(each_configuration());
    const Ends ends;
    int asked = 0;
    FdHandler handler;
    handler = FdHandler(loop.context(), ends.near(), "leaving",
                        {.read = [] {},
                         .poll =
                             [&] {
                                 ++asked;
                                 return true;
                             },
                         .poll_ready = [&] { handler = FdHandler(); }});
    CHECK(loop.block());
    const int then = asked;
    CHECK_FALSE(loop.look());
    CHECK(asked == then);
}
