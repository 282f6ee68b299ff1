// SPDX-License-Identifier: MIT
// What POSIX knows only: descriptors whose number comes back, that live on in a duplicate, or are regular files.
#include <fcntl.h>
#include <nestling/nestling.hpp>

#include <cstdio>
#include <optional>
#include <string>

#include "contract/reporting_loop.hpp"
#include "support/descriptors.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;

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
