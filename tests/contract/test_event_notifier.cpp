// SPDX-License-Identifier: MIT
#include <nestling/event_notifier.hpp>

#include <cerrno>

#include "support/open_fds.hpp"
#include "support/poll_handles.hpp"
#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;

TEST_CASE("a notifier is readable from set to clear, however often it was set", "[event][F4.2]") {
    const EventNotifier notifier(each_configuration().notifier);
    CHECK_FALSE(is_set(notifier.fd()));
    CHECK_FALSE(notifier.test_and_clear());
    for (int i = 0; i < 100; ++i) {
        notifier.set();
    }
    CHECK(is_set(notifier.fd()));
    CHECK(notifier.test_and_clear());
    CHECK_FALSE(is_set(notifier.fd()));
    CHECK_FALSE(notifier.test_and_clear());
}

TEST_CASE("setting a notifier that can take no more neither blocks nor fails nor touches errno", "[event][F4.2]") {
    const EventNotifier notifier(each_configuration().notifier);
    // More than a pipe holds.
    errno = ENOTTY;
    for (int i = 0; i < 70'000; ++i) {
        notifier.set();
    }
    CHECK(errno == ENOTTY);
    CHECK(notifier.test_and_clear());
    CHECK(errno == ENOTTY);
    CHECK_FALSE(is_set(notifier.fd()));
}

TEST_CASE("an empty or moved-from notifier does nothing", "[event][F4.3]") {
    EventNotifier empty;
    empty.set();
    CHECK_FALSE(empty.test_and_clear());
    CHECK(empty.fd() == -1);
    CHECK(empty.kind() == NotifierKind::automatic);

    EventNotifier source(each_configuration().notifier);
    source.set();
    const EventNotifier target(std::move(source));
    source.set();  // NOLINT(bugprone-use-after-move): that is what is tested
    CHECK_FALSE(source.test_and_clear());
    CHECK(source.fd() == -1);
    CHECK(target.test_and_clear());
}

TEST_CASE("a notifier gives its descriptors back, once", "[event][F4.3][F4.4]") {
    const Configuration cell = each_configuration();
    const std::size_t before = count_open_fds();
    {
        EventNotifier first(cell.notifier);
        CHECK(count_open_fds() == before + (cell.notifier == NotifierKind::pipe ? 2 : 1));
        first = EventNotifier(cell.notifier);
        CHECK(count_open_fds() == before + (cell.notifier == NotifierKind::pipe ? 2 : 1));
        const EventNotifier second(std::move(first));
    }
    CHECK(count_open_fds() == before);
}

TEST_CASE("a notifier that is set before anybody watches it calls the handler that comes later", "[event][B-41]") {
    const Configuration cell = each_configuration();
    TestLoop loop(cell);
    const EventNotifier notifier(cell.notifier);
    notifier.set();
    int calls = 0;
    const FdHandler handler(loop.context(), notifier.fd(), "event", {.read = [&] {
                                ++calls;
                                notifier.test_and_clear();
                            }});
    CHECK(loop.block());
    CHECK(calls == 1);
}
