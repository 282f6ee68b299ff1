// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <nestling/event_notifier.hpp>

#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;

TEST_CASE("a notifier's descriptors do not block and are closed by exec", "[event][F4.1]") {
    const Configuration cell = each_configuration();
    const EventNotifier notifier(cell.notifier);
    CHECK(notifier.kind() == cell.notifier);
    CHECK((::fcntl(notifier.fd(), F_GETFD) & FD_CLOEXEC) != 0);
    CHECK((::fcntl(notifier.fd(), F_GETFL) & O_NONBLOCK) != 0);
}
