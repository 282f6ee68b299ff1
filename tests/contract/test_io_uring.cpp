// SPDX-License-Identifier: MIT
// What a context owes the world because its monitor may be io_uring, whose requests hold on to files.
#include <poll.h>
#include <nestling/nestling.hpp>

#include <cstdlib>
#include <optional>
#include <string>
#include <thread>

#include "support/descriptors.hpp"
#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;

namespace {

bool sees_end(int fd) {
    pollfd handle{fd, POLLIN, 0};
    return ::poll(&handle, 1, 0) == 1 && (handle.revents & POLLHUP) != 0;
}

}  // namespace

TEST_CASE("a run that is about io_uring has its cells", "[fd]") {
    const char* const asked = std::getenv("NESTLING_TEST_MONITOR");
    if (asked == nullptr || std::string(asked) != "io_uring") {
        return;
    }
    if (!can_have(MonitorKind::io_uring)) {
        SKIP_LOUDLY("the kernel refuses io_uring: its cells");
    }
    for (const Configuration& cell : all_configurations()) {
        CHECK(cell.monitor == MonitorKind::io_uring);
    }
}

TEST_CASE("once a handler has gone, the other end of a connection that is closed sees the end of it",
          "[fd][B-26][F11.8]") {
    const Configuration cell = each_configuration();
    TestLoop loop(cell);
    Ends ends(Ends::Kind::socket);
    int calls = 0;
    std::optional<FdHandler> handler(std::in_place, loop.context(), ends.near(), "reader",
                                     FdCallbacks{.read = [&] { ++calls; }});
    loop.run_until_quiet();
    SECTION("at home") {
        handler.reset();
        ends.close_near();
        CHECK(sees_end(ends.far()));
    }
    SECTION("on another thread, while the loop sleeps") {
        bool is_over = false;
        std::thread other([&] {
            handler->remove_and_wait();
            handler.reset();
            ends.close_near();
            // Whoever sleeps in the kernel lets go there.
            while (!sees_end(ends.far())) {
                std::this_thread::yield();
            }
            loop.context().post("over", [&] { is_over = true; });
        });
        loop.run_until([&] { return is_over; });
        other.join();
    }
    CHECK(calls == 0);
}
