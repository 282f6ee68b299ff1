// SPDX-License-Identifier: MIT
#include "uring/uring_monitor.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <memory>
#include <thread>
#include <vector>

#include <nestling/io_thread.hpp>
#include <nestling/nestling.hpp>

#include "support/descriptors.hpp"
#include "uring/ring_faults.hpp"

namespace nestling::testing {

namespace {

using fdmon::event_in;
using fdmon::event_none;
using fdmon::event_out;

bool outer_sees(fdmon::FdMonitor& monitor) {
    pollfd handle{monitor.polls()[0].fd, monitor.polls()[0].events, 0};
    return ::poll(&handle, 1, 0) == 1;
}

/// Lets the kernel tell the ring what has happened: on the way out of any call of this thread.
void enter_kernel() {
    static_cast<void>(::getppid());
}

void wait_for(const std::atomic<bool>& flag) {
    while (!flag.load()) {
        std::this_thread::yield();
    }
}

}  // namespace

TEST_CASE("a wait without sleep finds what was ready when it was added", "[uring][B-30]") {
    URING_OR_SKIP(monitor);
    const Ends ends;
    ends.put();
    REQUIRE_FALSE(monitor->add(registration(ends.near(), event_in)));
    CHECK(look(*monitor).size() == 1);
    ends.take();
    CHECK(look(*monitor).empty());
    // It was armed by the look that found nothing.
    ends.put();
    CHECK(look(*monitor).size() == 1);
}

TEST_CASE("a wait without sleep makes no system call when nothing has happened, and one for each event",
          "[uring][F9.4][F11.7]") {
    URING_OR_SKIP(monitor);
    const Ends ends;
    REQUIRE_FALSE(monitor->add(registration(ends.near(), event_in)));
    CHECK(look(*monitor).empty());
    const RingEntries quiet;
    for (int round = 0; round < 1000; ++round) {
        CHECK(look(*monitor).empty());
    }
    CHECK(quiet.count() == 0);
    const RingEntries busy;
    for (int event = 0; event < 100; ++event) {
        ends.put();
        CHECK(look(*monitor, -1).size() == 1);
        ends.take();
    }
    CHECK(busy.count() == 100);
}

TEST_CASE("more descriptors than the ring has room for are asked for at once, and reported until that is dealt with",
          "[uring][F11.9][B-67][F11.6]") {
    URING_OR_SKIP(monitor);
    constexpr std::size_t many = 900;
    const Ends ends;
    std::vector<Descriptor> duplicates;
    for (std::size_t number = 0; number < many; ++number) {
        duplicates.emplace_back(::fcntl(ends.near(), F_DUPFD_CLOEXEC, 0));
        REQUIRE(duplicates.back().get() >= 0);
        REQUIRE_FALSE(monitor->add(registration(duplicates.back().get(), event_in)));
    }
    CHECK(look(*monitor).empty());
    ends.put();
    for (int round = 0; round < 3; ++round) {
        CHECK(look(*monitor, -1).size() == many);
    }
    ends.take();
    CHECK(look(*monitor).empty());
    for (const Descriptor& each : duplicates) {
        REQUIRE_FALSE(monitor->remove(registration(each.get(), event_in)));
    }
    ends.put();
    CHECK(look(*monitor).empty());
}

TEST_CASE("what has completed is not believed once callbacks may have dealt with it", "[uring]") {
    URING_OR_SKIP(monitor);
    const Ends ends;
    REQUIRE_FALSE(monitor->add(registration(ends.near(), event_in)));
    CHECK(look(*monitor).empty());
    ends.put();
    enter_kernel();
    ends.take();
    CHECK(look(*monitor).empty());
    ends.put();
    CHECK(look(*monitor).size() == 1);
}

TEST_CASE("late news of a removed descriptor is not taken for news of the next one of that number",
          "[uring][B-26][F11.8][F11.8]") {
    URING_OR_SKIP(monitor);
    Ends ends;
    const int fd = ends.near();
    REQUIRE_FALSE(monitor->add(registration(fd, event_in, 1)));
    CHECK(look(*monitor).empty());
    ends.put();
    enter_kernel();
    REQUIRE_FALSE(monitor->remove(registration(fd, event_in, 1)));
    const Ends others;
    ends.close_near();
    const Descriptor same_number(::fcntl(others.near(), F_DUPFD_CLOEXEC, fd));
    REQUIRE(same_number.get() == fd);
    REQUIRE_FALSE(monitor->add(registration(fd, event_in, 2)));
    CHECK(look(*monitor).empty());
    others.put();
    CHECK(look(*monitor).at(fd).key.generation == 2);
}

TEST_CASE("what the kernel refuses for a moment is asked for again, and nobody sleeps meanwhile", "[uring][F11.9]") {
    URING_OR_SKIP(monitor);
    const int error = GENERATE(EBUSY, EAGAIN, ENOMEM);
    const Ends ends;
    REQUIRE_FALSE(monitor->add(registration(ends.near(), event_in)));
    ends.put();
    {
        const FailingRing failing(RingCall::enter, error, 1000);
        const std::uint64_t pauses = pauses_made();
        // Without limit, and yet it ends.
        for (int round = 0; round < 3; ++round) {
            CHECK(look(*monitor, -1).empty());
            CHECK(monitor->always_ready());
        }
        monitor->refresh_polls();
        CHECK_FALSE(monitor->polls_are_current());
        // After the first time with a pause, not as fast as it can.
        CHECK(pauses_made() - pauses == 2);
    }
    CHECK(look(*monitor, -1).size() == 1);
    CHECK_FALSE(monitor->always_ready());
    CHECK(monitor->polls_are_current());
}

TEST_CASE("nobody sleeps for good while something has not been asked for", "[uring][F11.9]") {
    URING_OR_SKIP(monitor);
    const Ends quiet;
    const Ends speaking;
    speaking.put();
    // What came first is asked for last.
    REQUIRE_FALSE(monitor->add(registration(speaking.near(), event_in)));
    std::vector<Descriptor> duplicates;
    for (int number = 0; number < 300; ++number) {
        duplicates.emplace_back(::fcntl(quiet.near(), F_DUPFD_CLOEXEC, 0));
        REQUIRE_FALSE(monitor->add(registration(duplicates.back().get(), event_in)));
    }
    {
        const FailingRing failing(RingCall::enter, EAGAIN, 1);
        CHECK(look(*monitor, -1).empty());
        CHECK(failing.failed() == 1);
    }
    CHECK(look(*monitor, -1).count(speaking.near()) == 1);
}

TEST_CASE("an edge is reported once for each event, and is there again after a refusal", "[uring]") {
    URING_OR_SKIP(monitor);
    const Descriptor event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    REQUIRE_FALSE(monitor->add(registration(event.get(), event_in, 0, fdmon::Trigger::edge)));
    CHECK(look(*monitor).empty());
    for (int round = 0; round < 600; ++round) {
        REQUIRE(::eventfd_write(event.get(), 1) == 0);
        // Nobody reads it.
        REQUIRE(look(*monitor, -1).size() == 1);
        REQUIRE(look(*monitor).empty());
    }
    // More of them than there is room for, and nobody looks: the kernel gives up, and is asked again.
    for (int round = 0; round < 2000; ++round) {
        REQUIRE(::eventfd_write(event.get(), 1) == 0);
        enter_kernel();
    }
    CHECK(look(*monitor).size() == 1);
    for (int round = 0; round < 3; ++round) {
        look(*monitor);
    }
    CHECK(look(*monitor).empty());
    REQUIRE(::eventfd_write(event.get(), 1) == 0);
    CHECK(look(*monitor, -1).size() == 1);
}

TEST_CASE("an outer loop is told by the ring alone, however often it asks", "[uring][B-25][F11.11]") {
    URING_OR_SKIP(monitor);
    const Ends ends;
    REQUIRE_FALSE(monitor->add(registration(ends.near(), event_in)));
    monitor->refresh_polls();
    const RingEntries entries;
    for (int round = 0; round < 1000; ++round) {
        monitor->refresh_polls();
    }
    CHECK(entries.count() == 0);
    CHECK_FALSE(outer_sees(*monitor));
    for (int round = 0; round < 10; ++round) {
        ends.put();
        CHECK(outer_sees(*monitor));
        CHECK(look(*monitor).size() == 1);
        ends.take();
        // Between its question and its sleep somebody changes the set: that counts at once.
        REQUIRE_FALSE(monitor->modify(registration(ends.near(), event_in | event_out)));
        REQUIRE_FALSE(monitor->modify(registration(ends.near(), event_in)));
        CHECK(monitor->polls_are_current());
        CHECK_FALSE(outer_sees(*monitor));
    }
}

TEST_CASE("made on one thread it works on another, and goes on where it is handed over", "[uring][B-47][F11.7]") {
    URING_OR_SKIP(monitor);
    const Ends ends;
    const Descriptor event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    REQUIRE_FALSE(monitor->add(registration(ends.near(), event_in)));
    REQUIRE_FALSE(monitor->add(registration(event.get(), event_in, 0, fdmon::Trigger::edge)));
    std::atomic<bool> is_given_up{false};
    const Ends blocking;
    REQUIRE(::fcntl(blocking.near(), F_SETFL, 0) == 0);
    std::size_t found = 0;
    std::thread first([&] {
        ends.put();
        found = look(*monitor, -1).size();
        ends.take();
        look(*monitor);
        is_given_up.store(true);
        // Waits for a child in a way that lets nothing else happen on this thread: what it has asked for makes no
        // progress.
        if (::vfork() == 0) {
            char byte = 0;
            ::_exit(::read(blocking.near(), &byte, 1) == 1 ? 0 : 1);
        }
    });
    wait_for(is_given_up);
    CHECK(found == 1);
    CHECK(look(*monitor).empty());
    ends.put();
    CHECK(look(*monitor, -1).size() == 1);
    REQUIRE(::eventfd_write(event.get(), 1) == 0);
    CHECK(look(*monitor, -1).count(event.get()) == 1);
    blocking.put();
    first.join();
    while (::wait(nullptr) < 0 && errno == EINTR) {
    }
    ends.take();
    for (int round = 0; round < 3; ++round) {
        look(*monitor);
    }
    CHECK(look(*monitor).empty());
    ends.put();
    CHECK(look(*monitor, -1).size() == 1);
}

TEST_CASE("of many loops that are started at once each gets what another thread asks of it", "[uring][B-63]") {
    if (!can_have(MonitorKind::io_uring)) {
        SKIP_LOUDLY("the kernel refuses io_uring");
    }
    constexpr int loops = 64;
    std::atomic<int> calls{0};
    std::vector<std::unique_ptr<Ends>> ends;
    std::vector<std::unique_ptr<IoThread>> threads;
    std::vector<FdHandler> handlers;
    for (int number = 0; number < loops; ++number) {
        ContextOptions options;
        options.monitor = MonitorKind::io_uring;
        threads.push_back(std::make_unique<IoThread>(std::move(options)));
        ends.push_back(std::make_unique<Ends>());
        ends.back()->put();
        FdCallbacks callbacks;
        callbacks.read = [&calls, &each = *ends.back()] {
            each.take();
            calls.fetch_add(1);
        };
        handlers.emplace_back(*threads.back()->context(), ends.back()->near(), "early", std::move(callbacks));
    }
    while (calls.load() != loops) {
        std::this_thread::yield();
    }
    for (FdHandler& handler : handlers) {
        handler.remove_and_wait();
    }
    CHECK(calls.load() == loops);
}

}  // namespace nestling::testing
