// SPDX-License-Identifier: MIT
// What the monitor of Windows promises its context (contracts F21.1 to F21.7). What a context makes of it is in the
// contract suite.
#include "fdmon/choose.hpp"

#include <chrono>
#include <map>
#include <string>
#include <system_error>
#include <vector>

#include <nestling/event_notifier.hpp>
#include <nestling/win32.hpp>

#include "support/descriptors.hpp"
#include "support/environment.hpp"
#include "support/testing.hpp"
#include "support/windows.hpp"

namespace nestling::testing {

namespace {

using fdmon::choose_monitor;
using fdmon::event_in;
using fdmon::event_none;
using fdmon::event_out;

constexpr const char* variable = "NESTLING_MONITOR";

/// A monitor with the event that a context has.
struct Monitor {
    Monitor() {
        get().look_with([](const void*) { return false; }, nullptr);
        REQUIRE_FALSE(get().add({{static_cast<std::uint32_t>(event.fd()), 0}, event_in, {}}));
    }

    [[nodiscard]] fdmon::FdMonitor& get() const { return *chosen.monitor; }
    /// What is ready now but for the event, by descriptor. A context does not mind to be told twice.
    [[nodiscard]] std::map<int, fdmon::Ready> look(std::int64_t timeout = 0) const {
        std::vector<fdmon::Ready> ready;
        get().wait(timeout, ready);
        std::map<int, fdmon::Ready> result;
        for (const fdmon::Ready& entry : ready) {
            const int fd = static_cast<int>(entry.key.fd);
            if (fd != event.fd()) {
                result[fd].key = entry.key;
                result[fd].events |= entry.events;
            }
        }
        return result;
    }

    EventNotifier event{NotifierKind::event};
    fdmon::Chosen chosen = choose_monitor(MonitorKind::automatic);
};

fdmon::Registration registration(int fd, std::uint32_t events, std::uint32_t generation = 1) {
    return {{static_cast<std::uint32_t>(fd), generation}, events, fdmon::Trigger::level};
}

}  // namespace

TEST_CASE("there is one monitor, and who forces another is told so", "[F21.1]") {
    {
        const Environment environment(variable, nullptr);
        CHECK(choose_monitor(MonitorKind::automatic).monitor->kind() == MonitorKind::win32);
        CHECK(choose_monitor(MonitorKind::win32).reason() == "forced by ContextOptions::monitor");
        CHECK_THROWS_AS(choose_monitor(MonitorKind::epoll), std::system_error);
    }
    const Environment environment(variable, "kqueue");
    try {
        const fdmon::Chosen chosen = choose_monitor(MonitorKind::automatic);
        FAIL("no exception");
    } catch (const std::system_error& error) {
        CHECK(error.code() == std::errc::invalid_argument);
        CHECK(std::string(error.what()).find("kqueue") != std::string::npos);
    }
}

TEST_CASE("win32: sockets and events are reported with their generation until they are dealt with", "[F21.4]") {
    const Monitor monitor;
    const Ends ends;
    const EventNotifier event(NotifierKind::event);
    REQUIRE_FALSE(monitor.get().add(registration(ends.near(), event_in, 7)));
    REQUIRE_FALSE(monitor.get().add(registration(event.fd(), event_in, 8)));
    CHECK(monitor.look().empty());
    ends.put();
    event.set();
    for (int round = 0; round < 3; ++round) {
        const auto ready = monitor.look();
        REQUIRE(ready.size() == 2);
        CHECK(ready.at(ends.near()).key.generation == 7);
        CHECK(ready.at(ends.near()).events == event_in);
        CHECK(ready.at(event.fd()).key.generation == 8);
    }
    ends.take();
    event.test_and_clear();
    // What was known before is told once more at most.
    static_cast<void>(monitor.look());
    CHECK(monitor.look().empty());
}

TEST_CASE("win32: only the events that are wanted are reported, and who wants nothing hears nothing", "[F21.4]") {
    const Monitor monitor;
    const Ends ends;
    REQUIRE_FALSE(monitor.get().add(registration(ends.near(), event_in)));
    CHECK(monitor.look().empty());
    REQUIRE_FALSE(monitor.get().modify(registration(ends.near(), event_in | event_out)));
    CHECK(monitor.look(-1).at(ends.near()).events == event_out);
    ends.put();
    CHECK(monitor.look(-1).at(ends.near()).events == (event_in | event_out));
    REQUIRE_FALSE(monitor.get().modify(registration(ends.near(), event_in, 2)));
    CHECK(monitor.look(-1).at(ends.near()).events == event_in);
    REQUIRE_FALSE(monitor.get().modify(registration(ends.near(), event_none, 3)));
    CHECK(monitor.look().empty());
    REQUIRE_FALSE(monitor.get().modify(registration(ends.near(), event_in, 4)));
    CHECK(monitor.look(-1).at(ends.near()).key.generation == 4);
    REQUIRE_FALSE(monitor.get().remove(registration(ends.near(), event_in, 4)));
    CHECK(monitor.look().empty());
}

TEST_CASE("win32: a wait ends when its time is over, and not before", "[F21.3]") {
    const Monitor monitor;
    const Ends ends;
    REQUIRE_FALSE(monitor.get().add(registration(ends.near(), event_in)));
    for (const std::int64_t timeout : {std::int64_t{1}, std::int64_t{100'000}, std::int64_t{2'500'000}}) {
        const auto begin = std::chrono::steady_clock::now();
        CHECK(monitor.look(timeout).empty());
        CHECK(std::chrono::steady_clock::now() - begin >= std::chrono::nanoseconds(timeout));
    }
}

TEST_CASE("win32: of more handles than one wait takes each is reported once, in one look", "[F21.2][B-57]") {
    const Monitor monitor;
    std::vector<EventNotifier> events;
    for (int count = 0; count < 200; ++count) {
        events.emplace_back(NotifierKind::event);
        REQUIRE_FALSE(monitor.get().add(registration(events.back().fd(), event_in)));
    }
    CHECK(monitor.look().empty());
    for (const EventNotifier& each : events) {
        each.set();
    }
    CHECK(monitor.look().size() == events.size());
    for (const EventNotifier& each : events) {
        each.test_and_clear();
    }
    static_cast<void>(monitor.look());
    CHECK(monitor.look().empty());
    // The last alone is found as well, by a wait that sleeps.
    events.back().set();
    CHECK(monitor.look(-1).count(events.back().fd()) == 1);
}

TEST_CASE("win32: what is closed is refused, and found by a probe", "[F21.1]") {
    const Monitor monitor;
    Ends ends;
    const fdmon::Registration entry = registration(ends.near(), event_in);
    REQUIRE_FALSE(monitor.get().add(entry));
    CHECK_FALSE(monitor.get().probe(entry));
    ends.close_near();
    CHECK(monitor.get().probe(entry));
}

TEST_CASE("win32: an outer loop has one handle, which is set by sockets and by handles", "[F21.6][F21.7][B-32]") {
    const Monitor monitor;
    const Ends ends;
    const EventNotifier event(NotifierKind::event);
    REQUIRE_FALSE(monitor.get().add(registration(ends.near(), event_in)));
    REQUIRE_FALSE(monitor.get().add(registration(event.fd(), event_in)));
    const auto sleep = [&monitor] {
        static_cast<void>(monitor.get().polls_are_current());
        REQUIRE(monitor.get().polls().size() == 1);
        return ::WaitForSingleObject(handle_of(monitor.get().polls()[0].fd), 10'000) == WAIT_OBJECT_0;
    };
    for (int round = 0; round < 5; ++round) {
        ends.put();
        CHECK(sleep());
        CHECK(monitor.look().count(ends.near()) == 1);
        ends.take();
        static_cast<void>(monitor.look());
        event.set();
        CHECK(sleep());
        CHECK(monitor.look().count(event.fd()) == 1);
        event.test_and_clear();
        static_cast<void>(monitor.look());
    }
}

TEST_CASE("win32: a rebuilt set holds exactly what it was given", "[B-31]") {
    const Monitor monitor;
    const Ends kept;
    const EventNotifier dropped(NotifierKind::event);
    const EventNotifier fresh(NotifierKind::event);
    kept.put();
    dropped.set();
    fresh.set();
    REQUIRE_FALSE(monitor.get().add(registration(kept.near(), event_in)));
    REQUIRE_FALSE(monitor.get().add(registration(dropped.fd(), event_in)));
    const std::vector<fdmon::Registration> all{registration(kept.near(), event_in, 5),
                                               registration(fresh.fd(), event_in, 6)};
    REQUIRE_FALSE(monitor.get().rebuild(all));
    const auto ready = monitor.look(-1);
    REQUIRE(ready.size() == 2);
    CHECK(ready.at(kept.near()).key.generation == 5);
    CHECK(ready.at(fresh.fd()).key.generation == 6);
}

}  // namespace nestling::testing
