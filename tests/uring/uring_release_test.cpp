// SPDX-License-Identifier: MIT
// What the monitor of io_uring lets go of, and what it says of descriptors that are not what they were.
#include <fcntl.h>
#include <poll.h>

#include <atomic>
#include <cerrno>
#include <map>
#include <system_error>
#include <thread>
#include <vector>

#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "uring/ring_faults.hpp"
#include "uring/uring_monitor.hpp"

namespace nestling::testing {

namespace {

using fdmon::event_closed;
using fdmon::event_in;
using fdmon::event_none;
using fdmon::event_out;

/// True if the other end of a connection has seen the end of it.
bool sees_end(int fd) {
    pollfd handle{fd, POLLIN, 0};
    return ::poll(&handle, 1, 0) == 1 && (handle.revents & (POLLHUP | POLLERR)) != 0;
}

}  // namespace

TEST_CASE("a removal lets go of the file, so that the other end of a closed connection sees it", "[uring][B-26]") {
    URING_OR_SKIP(monitor);
    Ends ends(Ends::Kind::socket);
    const fdmon::Registration entry = registration(ends.near(), event_in);
    REQUIRE_FALSE(monitor->add(entry));
    CHECK(look(*monitor).empty());
    SECTION("on the home thread, at once") {
        CHECK_FALSE(monitor->remove(entry));
        ends.close_near();
        CHECK(sees_end(ends.far()));
        CHECK(look(*monitor).empty());
    }
    SECTION("on another thread, while the home thread sleeps") {
        const Ends waking;
        REQUIRE_FALSE(monitor->add(registration(waking.near(), event_in)));
        std::atomic<bool> has_ended{false};
        std::thread other([&] {
            monitor->remove(entry);
            ends.close_near();
            while (!sees_end(ends.far())) {
                std::this_thread::yield();
            }
            has_ended.store(true);
            waking.put();
        });
        while (!has_ended.load()) {
            look(*monitor, for_long);
        }
        other.join();
    }
    SECTION("where the kernel cannot cancel at once, in the next wait") {
        const FailingRing failing(RingCall::cancel, EINVAL, 100);
        CHECK_FALSE(monitor->remove(entry));
        ends.close_near();
        CHECK(look(*monitor).empty());
        CHECK(sees_end(ends.far()));
        CHECK(look(*monitor).empty());
    }
}

TEST_CASE("a monitor that is gone holds no file", "[uring][B-26]") {
    URING_OR_SKIP(monitor);
    // More than the kernel might see to in time by itself.
    std::vector<Ends> all;
    for (int at = 0; at != 50; ++at) {
        all.emplace_back(Ends::Kind::socket);
        REQUIRE_FALSE(monitor->add(registration(all.back().near(), event_in)));
    }
    CHECK(look(*monitor).empty());
    for (Ends& ends : all) {
        ends.close_near();
    }
    CHECK_FALSE(sees_end(all.front().far()));
    monitor.reset();
    for (const Ends& ends : all) {
        CHECK(sees_end(ends.far()));
    }
}

TEST_CASE("what a child process has cancelled is asked for again by its parent", "[uring][fork]") {
    URING_OR_SKIP(monitor);
    const Ends level;
    const Ends edge;
    REQUIRE_FALSE(monitor->add(registration(level.near(), event_in)));
    REQUIRE_FALSE(monitor->add(registration(edge.near(), event_in, 0, fdmon::Trigger::edge)));
    CHECK(look(*monitor).empty());
    const ChildEnd end = run_in_child([&] {
        monitor.reset();
        return 7;
    });
    CHECK(end.exit_code == 7);
    SECTION("before anything happens") {
        CHECK(look(*monitor).empty());
        level.put();
        edge.put();
    }
    SECTION("after something has happened") {
        level.put();
        edge.put();
    }
    CHECK(look(*monitor).size() == 2);
}

TEST_CASE("a muted descriptor is let go of by the next wait, and a removal then says nothing of it", "[uring]") {
    URING_OR_SKIP(monitor);
    Ends ends(Ends::Kind::socket);
    REQUIRE_FALSE(monitor->add(registration(ends.near(), event_in)));
    CHECK(look(*monitor).empty());
    REQUIRE_FALSE(monitor->modify(registration(ends.near(), event_none)));
    CHECK(look(*monitor).empty());
    CHECK_FALSE(monitor->remove(registration(ends.near(), event_none)));
    ends.close_near();
    CHECK(sees_end(ends.far()));
}

TEST_CASE("changes that are made again and again leave nothing behind in the kernel", "[uring][B-26][F11.8]") {
    URING_OR_SKIP(monitor);
    Ends ends;
    const int fd = ends.near();
    REQUIRE_FALSE(monitor->add(registration(fd, event_in)));
    for (int round = 0; round < 10; ++round) {
        // Neither is ever ready.
        REQUIRE_FALSE(monitor->modify(registration(fd, round % 2 == 0 ? event_out : event_in)));
        CHECK(look(*monitor).empty());
    }
    CHECK_FALSE(monitor->remove(registration(fd, event_in)));
    CHECK(look(*monitor).empty());
    ends.close_near();
    CHECK(sees_end(ends.far()));
}

TEST_CASE("a removal tells whether its descriptor was closed, or is another by now", "[uring][F6.9]") {
    URING_OR_SKIP(monitor);
    Ends ends;
    const Ends others;
    const int fd = ends.near();
    const bool has_asked = GENERATE(true, false);
    REQUIRE_FALSE(monitor->add(registration(fd, event_in)));
    if (has_asked) {
        CHECK(look(*monitor).empty());
    }
    SECTION("open") {
        CHECK_FALSE(monitor->remove(registration(fd, event_in)));
    }
    SECTION("closed") {
        ends.close_near();
        CHECK(monitor->probe(registration(fd, event_in)) == std::errc::bad_file_descriptor);
        CHECK(monitor->remove(registration(fd, event_in)) == std::errc::bad_file_descriptor);
    }
    SECTION("another") {
        ends.close_near();
        const Descriptor same_number(::fcntl(others.near(), F_DUPFD_CLOEXEC, fd));
        REQUIRE(same_number.get() == fd);
        if (has_asked) {
            const bool has_probed = GENERATE(true, false);
            if (has_probed) {
                CHECK(monitor->probe(registration(fd, event_in)) == std::errc::no_such_file_or_directory);
            }
            CHECK(monitor->remove(registration(fd, event_in)) == std::errc::no_such_file_or_directory);
        }
    }
}

TEST_CASE("a probe costs no readiness, also while the home thread sleeps", "[uring]") {
    URING_OR_SKIP(monitor);
    const Ends ends;
    const fdmon::Registration entry = registration(ends.near(), event_in, 3);
    REQUIRE_FALSE(monitor->add(entry));
    CHECK(look(*monitor).empty());
    std::thread other([&] {
        for (int round = 0; round < 100; ++round) {
            if (monitor->probe(entry)) {
                return;
            }
        }
        ends.put();
    });
    std::map<int, fdmon::Ready> ready;
    while (ready.empty()) {
        ready = look(*monitor, for_long);
    }
    other.join();
    CHECK(ready.at(ends.near()).key.generation == 3);
}

TEST_CASE("a closed descriptor is reported as such when it is next asked for", "[uring][F6.9]") {
    URING_OR_SKIP(monitor);
    Ends ends;
    const int fd = ends.near();
    REQUIRE_FALSE(monitor->add(registration(fd, event_in)));
    ends.put();
    CHECK(look(*monitor).at(fd).events == event_in);
    ends.close_near();
    CHECK(look(*monitor).at(fd).events == event_closed);
}

}  // namespace nestling::testing
