// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <unistd.h>

#include <memory>

#include "support/descriptors.hpp"
#include "support/testing.hpp"
#include "unit/monitors.hpp"

namespace nestling::testing {

namespace {
using fdmon::event_in;
using fdmon::event_none;
std::unique_ptr<fdmon::FdMonitor> make_poll() {
    return make_monitor(MonitorKind::poll);
}
}  // namespace

TEST_CASE("poll: says what it can do") {
    const auto monitor = make_poll();
    CHECK(monitor->kind() == MonitorKind::poll);
    CHECK_FALSE(monitor->set_is_live());
    CHECK_FALSE(monitor->has_edges());
    CHECK_FALSE(monitor->always_ready());
}

TEST_CASE("poll: an edge is a level") {
    const auto monitor = make_poll();
    const Ends ends;
    REQUIRE_FALSE(monitor->add(registration(ends.near(), event_in, 1, fdmon::Trigger::edge)));
    ends.put();
    CHECK(look(*monitor).size() == 1);
    CHECK(look(*monitor).size() == 1);
}

TEST_CASE("poll: a descriptor that was closed is reported as closed") {
    const auto monitor = make_poll();
    Ends ends;
    const int fd = ends.near();
    REQUIRE_FALSE(monitor->add(registration(fd, event_in, 9)));
    ends.close_near();
    const auto ready = look(*monitor, -1);
    REQUIRE(ready.count(fd) == 1);
    CHECK(ready.at(fd).events == fdmon::event_closed);
    CHECK(ready.at(fd).key.generation == 9);
    CHECK(monitor->probe(registration(fd, event_in, 9)) == std::errc::bad_file_descriptor);
}

TEST_CASE("poll: an outer loop waits for one handle for each descriptor that wants something") {
    const auto monitor = make_poll();
    const Ends first;
    const Ends second;
    monitor->refresh_polls();
    CHECK(monitor->polls().empty());
    REQUIRE_FALSE(monitor->add(registration(first.near(), event_in)));
    REQUIRE_FALSE(monitor->add(registration(second.near(), event_none)));
    CHECK_FALSE(monitor->polls_are_current());
    CHECK(monitor->polls().empty());
    monitor->refresh_polls();
    REQUIRE(monitor->polls().size() == 1);
    CHECK(monitor->polls()[0].fd == first.near());
    CHECK(monitor->polls()[0].events == static_cast<short>(event_in));

    const std::uint64_t version = monitor->polls_version();
    monitor->refresh_polls();
    CHECK(monitor->polls_version() == version);
    REQUIRE_FALSE(monitor->modify(registration(second.near(), event_in)));
    CHECK(monitor->polls_version() == version);
    monitor->refresh_polls();
    CHECK(monitor->polls().size() == 2);
    CHECK(monitor->polls_version() != version);
}

TEST_CASE("poll: what an outer loop has written into its handles stays there while the monitor waits itself") {
    const auto monitor = make_poll();
    const Ends ends;
    REQUIRE_FALSE(monitor->add(registration(ends.near(), event_in)));
    monitor->refresh_polls();
    monitor->polls()[0].revents = static_cast<short>(event_in);
    CHECK(look(*monitor).empty());
    CHECK(monitor->polls()[0].revents == static_cast<short>(event_in));
}

TEST_CASE("poll: removing what is not there is no error and changes nothing") {
    const auto monitor = make_poll();
    const Ends ends;
    REQUIRE_FALSE(monitor->add(registration(ends.near(), event_in)));
    monitor->refresh_polls();
    CHECK_FALSE(monitor->remove(registration(ends.far(), event_in)));
    CHECK(monitor->polls_are_current());
}

}  // namespace nestling::testing
