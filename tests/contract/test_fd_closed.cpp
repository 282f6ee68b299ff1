// SPDX-License-Identifier: MIT
// Descriptors that are closed under their handlers.
#include <nestling/nestling.hpp>

#include <optional>

#include "contract/reporting_loop.hpp"
#include "support/descriptors.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;
using namespace std::chrono_literals;

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
