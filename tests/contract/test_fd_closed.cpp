// SPDX-License-Identifier: MIT
// Descriptors that are closed under their handlers, come back under the same number, or live on in a duplicate.
#include <fcntl.h>
#include <unistd.h>
#include <nestling/nestling.hpp>

#include <cstdio>
#include <optional>
#include <vector>

#include "support/descriptors.hpp"
#include "support/syscall_counter.hpp"
#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;
using namespace std::chrono_literals;

namespace {

/// A loop whose reports are kept.
struct ReportingLoop {
    explicit ReportingLoop(const Configuration& cell) : loop(cell, options(reports)) {}

    static ContextOptions options(std::vector<Report>& reports) {
        ContextOptions result;
        result.name = "closed";
        result.on_report = [&reports](const Report& report) { reports.push_back(report); };
        return result;
    }

    /// Sleeps until a timer. Returns how many sleeps that took: more than two or three is a spin.
    std::uint64_t sleeps_until_timer() {
        bool fired = false;
        Timer timer(loop.context(), "timer", [&] { fired = true; });
        timer.arm_after(3ms);
        const std::uint64_t before = sleeps_begun();
        loop.run_until([&] { return fired; });
        return sleeps_begun() - before;
    }

    std::vector<Report> reports;
    TestLoop loop;
};

constexpr std::uint64_t no_spin = 3;

}  // namespace

TEST_CASE("a descriptor closed while registered is reported with its handler's name, and never spun on",
          "[fd][faults][F6.9][B-39]") {
    ReportingLoop test(each_configuration());
    Ends ends;
    const int fd = ends.near();
    int calls = 0;
    const FdHandler handler(test.loop.context(), fd, "careless", {.read = [&] { ++calls; }});
    ends.close_near();
    CHECK(test.sleeps_until_timer() <= no_spin);
    // With epoll nothing tells before somebody asks.
    test.loop.context().report_closed_fds();
    REQUIRE(test.reports.size() == 1);
    CHECK(test.reports[0].kind == Report::Kind::closed_fd);
    CHECK(test.reports[0].handle == "careless");
    CHECK(test.reports[0].context == "closed");
    CHECK(test.reports[0].fd == fd);
    CHECK(test.sleeps_until_timer() <= no_spin);
    CHECK(test.loop.context().report_closed_fds() == 0);
    CHECK(calls == 0);
}

TEST_CASE("a closed descriptor whose number the context itself takes is reported at once", "[fd][faults][F6.9]") {
    ReportingLoop test(each_configuration());
    Ends ends;
    const FdHandler handler(test.loop.context(), ends.near(), "careless", {.read = [] {}});
    ends.close_near();
    // The first wall clock timer makes a timerfd, which gets the lowest free number.
    bool fired = false;
    Timer timer(
        test.loop.context(), "wall", [&] { fired = true; }, Clock::wall);
    timer.arm_after(1ms);
    test.loop.run_until([&] { return fired; });
    test.loop.context().report_closed_fds();
    REQUIRE(test.reports.size() == 1);
    CHECK(test.reports[0].handle == "careless");
    CHECK(test.sleeps_until_timer() <= no_spin);
}

TEST_CASE("removing the handler of a closed descriptor reports it, once", "[fd][faults][F6.9][F11.5]") {
    ReportingLoop test(each_configuration());
    Ends ends;
    const Ends others;
    int calls = 0;
    const FdHandler other(test.loop.context(), others.near(), "other", {.read = [&] {
                              ++calls;
                              others.take();
                          }});
    std::optional<FdHandler> handler(std::in_place, test.loop.context(), ends.near(), "careless",
                                     FdCallbacks{.read = [] {}});
    ends.close_near();
    test.loop.run_until_quiet();
    handler.reset();
    test.loop.run_until_quiet();
    REQUIRE(test.reports.size() == 1);
    CHECK(test.reports[0].handle == "careless");
    // The others go on: one mistake does not cost the context its monitor.
    others.put();
    CHECK(test.loop.block());
    CHECK(calls == 1);
    CHECK(test.sleeps_until_timer() <= no_spin);
}

TEST_CASE("a closed descriptor's number may come back and get a handler of its own", "[fd][faults][F6.8][F6.9][B-33]") {
    ReportingLoop test(each_configuration());
    Ends old_ends;
    const int fd = old_ends.near();
    std::string order;
    std::optional<FdHandler> stale(std::in_place, test.loop.context(), fd, "stale",
                                   FdCallbacks{.read = [&] { order += 's'; }});
    old_ends.close_near();
    const Ends new_ends;
    // Of the number's two ways back, the pipe may have taken it already; else a duplicate of its end gets it.
    const Descriptor duplicate(new_ends.near() == fd ? -1 : ::fcntl(new_ends.near(), F_DUPFD_CLOEXEC, fd));
    const int new_fd = new_ends.near() == fd ? new_ends.near() : duplicate.get();
    REQUIRE(new_fd == fd);
    // Only epoll can tell the two apart before somebody asks; a handler that is removed first works with both.
    stale.reset();
    const FdHandler fresh(test.loop.context(), new_fd, "fresh", {.read = [&] {
                              order += 'f';
                              new_ends.take();
                          }});
    new_ends.put();
    CHECK(test.loop.block());
    CHECK(order == "f");
    CHECK_FALSE(test.loop.look());
    CHECK(test.sleeps_until_timer() <= no_spin);
}

TEST_CASE("a descriptor closed while a duplicate of it lives neither calls a removed handler nor keeps the loop awake",
          "[fd][faults][B-23][B-39]") {
    ReportingLoop test(each_configuration());
    Ends ends;
    const Descriptor duplicate(::fcntl(ends.near(), F_DUPFD_CLOEXEC, 0));
    int calls = 0;
    std::optional<FdHandler> handler(std::in_place, test.loop.context(), ends.near(), "original",
                                     FdCallbacks{.read = [&] { ++calls; }});
    const Ends others;
    int other_calls = 0;
    const FdHandler other(test.loop.context(), others.near(), "other", {.read = [&] {
                              ++other_calls;
                              others.take();
                          }});
    ends.close_near();
    handler.reset();
    // The kernel still holds the registration, because the file behind it is still open.
    ends.put();
    CHECK(test.sleeps_until_timer() <= no_spin);
    CHECK(calls == 0);
    others.put();
    CHECK(test.loop.block());
    CHECK(other_calls == 1);
    CHECK(test.sleeps_until_timer() <= no_spin);
}

TEST_CASE("a regular file, which epoll refuses, is always ready and does not disturb the others",
          "[fd][faults][F11.4][F11.5]") {
    ReportingLoop test(each_configuration());
    std::FILE* file = std::tmpfile();
    REQUIRE(file != nullptr);
    const MonitorKind monitor = test.loop.context().monitor().kind;
    int file_calls = 0;
    int pipe_calls = 0;
    const Ends ends;
    const FdHandler pipe(test.loop.context(), ends.near(), "pipe", {.read = [&] {
                             ++pipe_calls;
                             ends.take();
                         }});
    {
        FdHandler handler(test.loop.context(), ::fileno(file), "file", {.read = [&] { ++file_calls; }});
        CHECK(test.loop.block());
        CHECK(test.loop.block());
        CHECK(file_calls == 2);
        ends.put();
        CHECK(test.loop.block());
        CHECK(pipe_calls == 1);
        REQUIRE_FALSE(handler.watch(Interest::none));
        CHECK(test.sleeps_until_timer() <= no_spin);
        const int muted_calls = file_calls;
        REQUIRE_FALSE(handler.watch(Interest::read));
        CHECK(test.loop.look());
        CHECK(file_calls == muted_calls + 1);
    }
    CHECK_FALSE(test.loop.look());
    CHECK(test.loop.context().monitor().kind == monitor);
    ends.put();
    CHECK(test.loop.block());
    CHECK(pipe_calls == 2);
    CHECK(test.reports.empty());
    std::fclose(file);
}
