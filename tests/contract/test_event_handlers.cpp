// SPDX-License-Identifier: MIT
// What the model's own tests T8 to T11 ask of handlers for notifiers, natively and, as T24 to T27, through a GSource.
#include <nestling/nestling.hpp>

#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;

TEST_CASE("adding and removing a quiet notifier is no progress and calls nothing", "[event][T8][T24]") {
    const Configuration cell = each_configuration();
    TestLoop loop(cell);
    const EventNotifier notifier(cell.notifier);
    int calls = 0;
    FdHandler handler(loop.context(), notifier.fd(), "event", {.read = [&] { ++calls; }});
    CHECK_FALSE(loop.look());
    handler = FdHandler();
    CHECK_FALSE(loop.look());
    CHECK(calls == 0);
}

TEST_CASE("a notifier calls its handler once when set, and never before or after removal", "[event][T9][T25][F7.1]") {
    const Configuration cell = each_configuration();
    TestLoop loop(cell);
    const EventNotifier notifier(cell.notifier);
    int calls = 0;
    FdHandler handler(loop.context(), notifier.fd(), "event", {.read = [&] {
                          ++calls;
                          CHECK(notifier.test_and_clear());
                      }});
    CHECK_FALSE(loop.look());
    CHECK_FALSE(loop.look());
    CHECK(calls == 0);
    notifier.set();
    CHECK(loop.block());
    CHECK(calls == 1);
    CHECK_FALSE(loop.look());
    handler = FdHandler();
    notifier.set();
    CHECK_FALSE(loop.look());
    CHECK(calls == 1);
}

TEST_CASE("a notifier that is set ends a blocking wait, and another's activity does not call its handler again",
          "[event][T10][T26]") {
    const Configuration cell = each_configuration();
    TestLoop loop(cell);
    const EventNotifier first(cell.notifier);
    const EventNotifier second(cell.notifier);
    int first_calls = 0;
    int second_calls = 0;
    const FdHandler first_handler(loop.context(), first.fd(), "first", {.read = [&] {
                                      ++first_calls;
                                      first.test_and_clear();
                                  }});
    const FdHandler second_handler(loop.context(), second.fd(), "second", {.read = [&] {
                                       ++second_calls;
                                       second.test_and_clear();
                                   }});
    first.set();
    CHECK(loop.block());
    CHECK(first_calls == 1);
    CHECK(second_calls == 0);
    second.set();
    CHECK(loop.block());
    CHECK(first_calls == 1);
    CHECK(second_calls == 1);
    CHECK_FALSE(loop.look());
}

TEST_CASE("a handler that sets its own notifier is called once in each iteration", "[event][T11][T27][B-30]") {
    const Configuration cell = each_configuration();
    TestLoop loop(cell);
    const EventNotifier notifier(cell.notifier);
    int calls = 0;
    const FdHandler handler(loop.context(), notifier.fd(), "event", {.read = [&] {
                                notifier.test_and_clear();
                                if (++calls < 10) {
                                    notifier.set();
                                }
                            }});
    notifier.set();
    for (int round = 1; round <= 10; ++round) {
        CHECK(loop.block());
        CHECK(calls == round);
    }
    CHECK_FALSE(loop.look());
    CHECK(calls == 10);
}
