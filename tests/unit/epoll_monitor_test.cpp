// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <memory>
#include <vector>

#include "support/descriptors.hpp"
#include "support/fault_injection.hpp"
#include "support/open_fds.hpp"
#include "support/testing.hpp"
#include "unit/monitors.hpp"

namespace nestling::testing {

namespace {
using fdmon::event_in;
using fdmon::Trigger;
std::unique_ptr<fdmon::FdMonitor> make_epoll() {
    return make_monitor(MonitorKind::epoll);
}
}  // namespace

TEST_CASE("epoll: says what it can do") {
    const auto monitor = make_epoll();
    CHECK(monitor->kind() == MonitorKind::epoll);
    CHECK(monitor->set_is_live());
    CHECK(monitor->has_edges());
    CHECK_FALSE(monitor->always_ready());
}

TEST_CASE("epoll: an edge is reported once for each event, though nobody deals with it") {
    const auto monitor = make_epoll();
    const Ends ends;
    REQUIRE_FALSE(monitor->add(registration(ends.near(), event_in, 1, Trigger::edge)));
    CHECK(look(*monitor).empty());
    for (int round = 0; round < 3; ++round) {
        ends.put();
        CHECK(look(*monitor).size() == 1);
        CHECK(look(*monitor).empty());
    }
}

TEST_CASE("epoll: an outer loop waits for one handle, whatever is registered, and its version never changes") {
    const auto monitor = make_epoll();
    const std::uint64_t version = monitor->polls_version();
    REQUIRE(monitor->polls().size() == 1);
    const int fd = monitor->polls()[0].fd;
    const std::vector<Ends> ends(100);
    for (const Ends& each : ends) {
        REQUIRE_FALSE(monitor->add(registration(each.near(), event_in)));
    }
    monitor->refresh_polls();
    CHECK(monitor->polls().size() == 1);
    CHECK(monitor->polls()[0].fd == fd);
    CHECK(monitor->polls_version() == version);
    REQUIRE_FALSE(monitor->rebuild({}));
    CHECK(monitor->polls()[0].fd == fd);
    CHECK((::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("epoll: more descriptors than one wait reports are reported by the next ones") {
    const auto monitor = make_epoll();
    const std::vector<Ends> ends(300);
    for (const Ends& each : ends) {
        each.put();
        REQUIRE_FALSE(monitor->add(registration(each.near(), event_in)));
    }
    std::size_t reported = 0;
    for (int round = 0; round < 3; ++round) {
        for (const auto& [fd, entry] : look(*monitor)) {
            REQUIRE_FALSE(monitor->remove(registration(fd, event_in)));
            ++reported;
        }
    }
    CHECK(reported == ends.size());
}

TEST_CASE("epoll: a set that holds a descriptor which nobody can name any more is cured by rebuilding it") {
    const auto monitor = make_epoll();
    Ends ends;
    const Ends other;
    ends.put();
    REQUIRE_FALSE(monitor->add(registration(ends.near(), event_in, 1)));
    REQUIRE_FALSE(monitor->add(registration(other.near(), event_in, 2)));
    const Descriptor duplicate(::dup(ends.near()));
    const int closed = ends.near();
    ends.close_near();
    CHECK(look(*monitor).count(closed) == 1);
    CHECK(monitor->remove(registration(closed, event_in, 1)) == std::errc::bad_file_descriptor);
    CHECK(look(*monitor).count(closed) == 1);
    const std::vector<fdmon::Registration> rest{registration(other.near(), event_in, 2)};
    REQUIRE_FALSE(monitor->rebuild(rest));
    CHECK(look(*monitor).empty());
    other.put();
    CHECK(look(*monitor).count(other.near()) == 1);
}

TEST_CASE("epoll: edges stay edges in a rebuilt set") {
    const auto monitor = make_epoll();
    const Ends ends;
    const std::vector<fdmon::Registration> all{registration(ends.near(), event_in, 1, Trigger::edge)};
    REQUIRE_FALSE(monitor->rebuild(all));
    ends.put();
    CHECK(look(*monitor).size() == 1);
    CHECK(look(*monitor).empty());
}

TEST_CASE("epoll: a set that cannot be rebuilt is as it was, and nothing stays open") {
    const auto monitor = make_epoll();
    const Ends ends;
    ends.put();
    REQUIRE_FALSE(monitor->add(registration(ends.near(), event_in)));
    const std::size_t before = count_open_fds();
    {
        const FailingCreation failing(Creation::epoll_create1, EMFILE);
        CHECK(monitor->rebuild({}) == std::errc::too_many_files_open);
    }
    CHECK(look(*monitor).size() == 1);
    REQUIRE_FALSE(monitor->rebuild({}));
    CHECK(look(*monitor).empty());
    CHECK(count_open_fds() == before);
}

TEST_CASE("epoll: an error of the kernel is returned") {
    const auto monitor = make_epoll();
    Ends ends;
    REQUIRE_FALSE(monitor->add(registration(ends.near(), event_in)));
    CHECK(monitor->add(registration(ends.near(), event_in)) == std::errc::file_exists);
    const int fd = ends.near();
    ends.close_near();
    CHECK(monitor->add(registration(fd, event_in)) == std::errc::bad_file_descriptor);
    CHECK(monitor->modify(registration(fd, event_in)) == std::errc::bad_file_descriptor);
    CHECK(monitor->remove(registration(fd, event_in)) == std::errc::bad_file_descriptor);
}

TEST_CASE("epoll: a probe tells a descriptor whose number has come back from the one that was registered") {
    const auto monitor = make_epoll();
    Ends ends;
    REQUIRE_FALSE(monitor->add(registration(ends.near(), event_in)));
    const int fd = ends.near();
    const Ends others;
    ends.close_near();
    const Descriptor same_number(::fcntl(others.near(), F_DUPFD_CLOEXEC, fd));
    REQUIRE(same_number.get() == fd);
    CHECK(monitor->probe(registration(fd, event_in)) == std::errc::no_such_file_or_directory);
}

TEST_CASE("epoll: one descriptor that it refuses does not keep the others from being waited for by an outer loop") {
    const auto monitor = make_epoll();
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), &std::fclose);
    REQUIRE(file != nullptr);
    REQUIRE_FALSE(monitor->add(registration(::fileno(file.get()), event_in)));
    CHECK(monitor->always_ready());
    REQUIRE_FALSE(monitor->remove(registration(::fileno(file.get()), event_in)));
    CHECK_FALSE(monitor->always_ready());
}

TEST_CASE("epoll: what it refuses is muted, changed and unmuted without being lost") {
    const auto monitor = make_epoll();
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), &std::fclose);
    REQUIRE(file != nullptr);
    const int fd = ::fileno(file.get());
    REQUIRE_FALSE(monitor->add(registration(fd, event_in, 1)));
    REQUIRE_FALSE(monitor->modify(registration(fd, fdmon::event_out, 2)));
    CHECK(look(*monitor).at(fd).key.generation == 2);
    CHECK(look(*monitor).at(fd).events == fdmon::event_out);
    REQUIRE_FALSE(monitor->modify(registration(fd, fdmon::event_none, 2)));
    CHECK_FALSE(monitor->always_ready());
    CHECK(look(*monitor).empty());
    REQUIRE_FALSE(monitor->modify(registration(fd, event_in, 3)));
    CHECK(look(*monitor).at(fd).key.generation == 3);
}

TEST_CASE("epoll: a refused file whose number has come back as something else is known to be closed") {
    const auto monitor = make_epoll();
    const Ends ends;
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), &std::fclose);
    REQUIRE(file != nullptr);
    const int fd = ::fileno(file.get());
    REQUIRE_FALSE(monitor->add(registration(fd, event_in)));
    CHECK_FALSE(monitor->probe(registration(fd, event_in)));
    file.reset();
    const Descriptor same_number(::fcntl(ends.near(), F_DUPFD_CLOEXEC, fd));
    REQUIRE(same_number.get() == fd);
    CHECK(monitor->probe(registration(fd, event_in)) == std::errc::no_such_file_or_directory);
    // Asking has changed nothing: the new descriptor is unknown to the kernel.
    ends.put();
    REQUIRE_FALSE(monitor->remove(registration(fd, event_in)));
    CHECK_FALSE(monitor->always_ready());
    CHECK(look(*monitor).empty());
}

TEST_CASE("epoll: there is none when descriptors have run out, and the reason is said") {
    const FailingCreation failing(Creation::epoll_create1, EMFILE);
    std::error_code error;
    CHECK(fdmon::make_epoll_monitor(error) == nullptr);
    CHECK(error == std::errc::too_many_files_open);
}

}  // namespace nestling::testing
