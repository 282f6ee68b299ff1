// SPDX-License-Identifier: MIT
// What every monitor promises, whichever it is.
#include "fdmon/fd_monitor.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <thread>
#include <vector>

#include "support/descriptors.hpp"
#include "support/testing.hpp"
#include "unit/monitors.hpp"

namespace nestling::testing {

namespace {

using fdmon::event_closed;
using fdmon::event_error;
using fdmon::event_hang_up;
using fdmon::event_in;
using fdmon::event_none;
using fdmon::event_out;
using Monitor = std::unique_ptr<fdmon::FdMonitor>;

Monitor any_monitor() {
    return make_monitor(GENERATE(from_range(monitor_kinds())));
}

struct FileCloser {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, FileCloser>;

}  // namespace

TEST_CASE("a monitor reports what is ready with its generation, again and again, until it is dealt with") {
    const Monitor monitor = any_monitor();
    const Ends ends;
    REQUIRE_FALSE(monitor->add(registration(ends.near(), event_in, 7)));
    CHECK(look(*monitor).empty());
    ends.put();
    for (int round = 0; round < 2; ++round) {
        const auto ready = look(*monitor);
        REQUIRE(ready.size() == 1);
        CHECK(ready.at(ends.near()).key.generation == 7);
        CHECK(ready.at(ends.near()).events == event_in);
    }
    ends.take();
    CHECK(look(*monitor).empty());
}

TEST_CASE("a monitor reports only the events that are wanted, but errors and hang-ups always") {
    const Monitor monitor = any_monitor();
    Ends ends(Ends::Kind::socket);
    REQUIRE_FALSE(monitor->add(registration(ends.near(), event_in)));
    CHECK(look(*monitor).empty());
    REQUIRE_FALSE(monitor->modify(registration(ends.near(), event_in | event_out)));
    CHECK(look(*monitor).at(ends.near()).events == event_out);
    ends.put();
    CHECK(look(*monitor).at(ends.near()).events == (event_in | event_out));
    REQUIRE_FALSE(monitor->modify(registration(ends.near(), event_in)));
    CHECK(look(*monitor).at(ends.near()).events == event_in);
    ends.close_far();
    CHECK((look(*monitor).at(ends.near()).events & event_hang_up) != 0);

    Ends broken;
    REQUIRE_FALSE(monitor->add(registration(broken.far(), event_out)));
    broken.close_near();
    CHECK((look(*monitor).at(broken.far()).events & event_error) != 0);
}

TEST_CASE("a modification carries a new generation") {
    const Monitor monitor = any_monitor();
    const Ends ends;
    ends.put();
    REQUIRE_FALSE(monitor->add(registration(ends.near(), event_in, 1)));
    REQUIRE_FALSE(monitor->modify(registration(ends.near(), event_in, 2)));
    CHECK(look(*monitor).at(ends.near()).key.generation == 2);
}

TEST_CASE("what wants nothing is told nothing, not even of a hang-up, and may want something again") {
    const Monitor monitor = any_monitor();
    Ends ends(Ends::Kind::socket);
    const bool is_added_mute = GENERATE(true, false);
    REQUIRE_FALSE(monitor->add(registration(ends.near(), is_added_mute ? event_none : event_in)));
    if (!is_added_mute) {
        REQUIRE_FALSE(monitor->modify(registration(ends.near(), event_none)));
    }
    ends.put();
    ends.close_far();
    CHECK(look(*monitor).empty());
    REQUIRE_FALSE(monitor->modify(registration(ends.near(), event_in)));
    CHECK((look(*monitor).at(ends.near()).events & event_in) != 0);
}

TEST_CASE("what was removed is not reported, and its neighbours are") {
    const Monitor monitor = any_monitor();
    std::vector<Ends> ends(4);
    for (const Ends& each : ends) {
        each.put();
        REQUIRE_FALSE(monitor->add(registration(each.near(), event_in)));
    }
    CHECK(look(*monitor).size() == 4);
    REQUIRE_FALSE(monitor->remove(registration(ends[1].near(), event_in)));
    const auto ready = look(*monitor);
    CHECK(ready.size() == 3);
    CHECK(ready.count(ends[1].near()) == 0);
    REQUIRE_FALSE(monitor->remove(registration(ends[3].near(), event_in)));
    REQUIRE_FALSE(monitor->remove(registration(ends[0].near(), event_in)));
    CHECK(look(*monitor).size() == 1);
    REQUIRE_FALSE(monitor->add(registration(ends[0].near(), event_in)));
    CHECK(look(*monitor).size() == 2);
}

TEST_CASE("a probe says whether a descriptor was closed, and changes nothing") {
    const Monitor monitor = any_monitor();
    Ends ends;
    const fdmon::Registration entry = registration(ends.near(), event_in, 3);
    REQUIRE_FALSE(monitor->add(entry));
    CHECK_FALSE(monitor->probe(entry));
    ends.put();
    CHECK(look(*monitor).at(ends.near()).key.generation == 3);
    ends.close_near();
    CHECK(monitor->probe(entry));
}

TEST_CASE("a rebuilt set holds exactly what it was given") {
    const Monitor monitor = any_monitor();
    const Ends kept;
    const Ends dropped;
    const Ends fresh;
    const Ends mute;
    for (const Ends* each : {&kept, &dropped, &fresh, &mute}) {
        each->put();
    }
    REQUIRE_FALSE(monitor->add(registration(kept.near(), event_in, 1)));
    REQUIRE_FALSE(monitor->add(registration(dropped.near(), event_in, 1)));
    const std::vector<fdmon::Registration> all{registration(kept.near(), event_in, 5),
                                               registration(fresh.near(), event_in, 6),
                                               registration(mute.near(), event_none, 7)};
    REQUIRE_FALSE(monitor->rebuild(all));
    const auto ready = look(*monitor);
    REQUIRE(ready.size() == 2);
    CHECK(ready.at(kept.near()).key.generation == 5);
    CHECK(ready.at(fresh.near()).key.generation == 6);
    REQUIRE_FALSE(monitor->modify(registration(mute.near(), event_in, 8)));
    CHECK(look(*monitor).at(mute.near()).key.generation == 8);
    REQUIRE_FALSE(monitor->remove(registration(kept.near(), event_in, 5)));
    CHECK(look(*monitor).size() == 2);
}

TEST_CASE("a regular file is always ready, on its own and beside a pipe, and no longer once it is removed") {
    const Monitor monitor = any_monitor();
    const File file(std::tmpfile());
    REQUIRE(file != nullptr);
    const int fd = ::fileno(file.get());
    const Ends ends;
    REQUIRE_FALSE(monitor->add(registration(ends.near(), event_in)));
    REQUIRE_FALSE(monitor->add(registration(fd, event_in | event_out, 4)));
    CHECK_FALSE(monitor->probe(registration(fd, event_in | event_out, 4)));
    for (int round = 0; round < 2; ++round) {
        // A wait without limit must not sleep.
        const auto ready = look(*monitor, -1);
        REQUIRE(ready.size() == 1);
        CHECK(ready.at(fd).key.generation == 4);
        CHECK(ready.at(fd).events == (event_in | event_out));
    }
    ends.put();
    CHECK(look(*monitor, -1).size() == 2);
    REQUIRE_FALSE(monitor->modify(registration(fd, event_out, 5)));
    CHECK(look(*monitor, -1).at(fd).key.generation == 5);
    CHECK(look(*monitor, -1).at(fd).events == event_out);
    REQUIRE_FALSE(monitor->modify(registration(fd, event_none, 5)));
    CHECK(look(*monitor).size() == 1);
    REQUIRE_FALSE(monitor->modify(registration(fd, event_in, 6)));
    CHECK(look(*monitor).size() == 2);
    REQUIRE_FALSE(monitor->remove(registration(fd, event_in, 6)));
    CHECK(look(*monitor).size() == 1);
    CHECK_FALSE(monitor->always_ready());
}

TEST_CASE("a regular file that was closed is not called ready for ever") {
    const Monitor monitor = any_monitor();
    File file(std::tmpfile());
    REQUIRE(file != nullptr);
    const int fd = ::fileno(file.get());
    REQUIRE_FALSE(monitor->add(registration(fd, event_in)));
    CHECK(look(*monitor).at(fd).events == event_in);
    file.reset();
    const auto ready = look(*monitor);
    CHECK((ready.count(fd) == 0 || ready.at(fd).events == event_closed));
}

TEST_CASE("a wait ends when something becomes ready, when its time is over, and on a signal") {
    const Monitor monitor = any_monitor();
    const Ends ends;
    REQUIRE_FALSE(monitor->add(registration(ends.near(), event_in)));
    SECTION("ready") {
        std::thread other([&ends] { ends.put(); });
        CHECK(look(*monitor, -1).size() == 1);
        CHECK(look(*monitor, 3'600'000'000'000).size() == 1);
        other.join();
    }
    SECTION("time over, and not before") {
        for (const std::int64_t timeout : {std::int64_t{1}, std::int64_t{100'000}, std::int64_t{2'500'000}}) {
            // The rings of this thread that ended a moment ago interrupt a wait each, as a signal does.
            std::chrono::nanoseconds took(0);
            for (int tries = 100; tries != 0 && took.count() < timeout; --tries) {
                const auto begin = std::chrono::steady_clock::now();
                CHECK(look(*monitor, timeout).empty());
                took = std::chrono::steady_clock::now() - begin;
            }
            CHECK(took.count() >= timeout);
        }
    }
    SECTION("signal") {
        struct sigaction action {};
        struct sigaction before {};
        action.sa_handler = [](int) {};
        REQUIRE(::sigaction(SIGUSR1, &action, &before) == 0);
        std::atomic<bool> is_done{false};
        std::thread rain([&is_done, victim = ::pthread_self()] {
            while (!is_done.load()) {
                ::pthread_kill(victim, SIGUSR1);
                std::this_thread::yield();
            }
        });
        CHECK(look(*monitor, -1).empty());
        CHECK(look(*monitor, 3'600'000'000'000).empty());
        is_done.store(true);
        rain.join();
        ::sigaction(SIGUSR1, &before, nullptr);
    }
}

TEST_CASE("what an outer loop is told to wait for is what the monitor itself would find") {
    const Monitor monitor = any_monitor();
    const Ends first;
    const Ends second;
    const auto outer_sees = [&monitor] {
        const auto handles = monitor->polls();
        std::vector<pollfd> copies;
        for (const PollHandle& handle : handles) {
            copies.push_back({handle.fd, handle.events, 0});
        }
        return ::poll(copies.data(), copies.size(), 0);
    };
    REQUIRE_FALSE(monitor->add(registration(first.near(), event_in)));
    monitor->refresh_polls();
    CHECK(monitor->polls_are_current());
    CHECK(outer_sees() == 0);
    first.put();
    CHECK(outer_sees() == 1);
    first.take();
    // An outer loop asks before it waits: io_uring has noted that it was readable.
    CHECK(monitor->polls_are_current());
    CHECK(outer_sees() == 0);

    const std::uint64_t version = monitor->polls_version();
    const std::size_t size = monitor->polls().size();
    REQUIRE_FALSE(monitor->add(registration(second.near(), event_in)));
    // io_uring asks the kernel at once, poll has to be told.
    CHECK(monitor->polls_are_current() == (monitor->kind() != MonitorKind::poll));
    monitor->refresh_polls();
    CHECK(monitor->polls_are_current());
    CHECK((monitor->polls_version() != version) == (monitor->polls().size() != size));
    second.put();
    CHECK(outer_sees() == 1);
    REQUIRE_FALSE(monitor->remove(registration(second.near(), event_in)));
    monitor->refresh_polls();
    CHECK(outer_sees() == 0);
}

TEST_CASE("descriptors come and go on another thread while the home thread waits") {
    const Monitor monitor = any_monitor();
    const Ends always;
    always.put();
    REQUIRE_FALSE(monitor->add(registration(always.near(), event_in)));
    std::atomic<bool> is_done{false};
    std::atomic<int> errors{0};
    std::thread other([&] {
        std::vector<Ends> ends(8);
        for (int round = 0; round < 300; ++round) {
            for (const Ends& each : ends) {
                errors += monitor->add(registration(each.near(), event_in)) ? 1 : 0;
                errors += monitor->modify(registration(each.near(), event_none)) ? 1 : 0;
                errors += monitor->modify(registration(each.near(), event_in)) ? 1 : 0;
            }
            for (const Ends& each : ends) {
                errors += monitor->remove(registration(each.near(), event_in)) ? 1 : 0;
            }
        }
        is_done.store(true);
    });
    int missed = 0;
    while (!is_done.load()) {
        missed += look(*monitor).count(always.near()) == 1 ? 0 : 1;
    }
    other.join();
    CHECK(errors.load() == 0);
    CHECK(missed == 0);
    CHECK(look(*monitor).size() == 1);
}

}  // namespace nestling::testing
