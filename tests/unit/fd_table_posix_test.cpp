// SPDX-License-Identifier: MIT
// What POSIX knows only: duplicates, numbers that come back, and regular files.
#include "loop/fd_table.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>

#include "support/descriptors.hpp"
#include "support/fault_injection.hpp"
#include "unit/reporting.hpp"

namespace nestling::testing {

TEST_CASE("a handler whose descriptor's number has come back makes room for the new one, and is reported") {
    Reporting test(any_kind());
    Ends ends;
    const int fd = ends.near();
    FdHandler old(test.context, fd, "old", reads([] {}));
    if (test.context.monitor().kind == MonitorKind::io_uring) {
        // It knows what the number means from when the home thread first asks.
        test.context.poll(Wait::none);
    }
    const Ends others;
    ends.close_near();
    const Descriptor same_number(::fcntl(others.near(), F_DUPFD_CLOEXEC, fd));
    REQUIRE(same_number.get() == fd);
    if (test.context.monitor().kind == MonitorKind::poll) {
        // poll(2) cannot tell the two apart.
        CHECK(refusal(test.context, fd) == std::errc::file_exists);
        return;
    }
    int calls = 0;
    const FdHandler fresh(test.context, fd, "fresh", reads([&calls] { ++calls; }));
    CHECK(test.closed(fd) == 1);
    CHECK(test.reports.at(0).handle == "old");
    others.put();
    CHECK(test.context.poll(Wait::block));
    CHECK(calls == 1);
    CHECK(old.watch(Interest::none) == std::errc::bad_file_descriptor);
    CHECK(old.set(reads([] {})) == std::errc::bad_file_descriptor);
}

TEST_CASE("a set that cannot be rebuilt is reported once, with no lock held, and rebuilt when it can be") {
#if NESTLING_TEST_EPOLL
    Reporting test(MonitorKind::epoll);
    Ends ends;
    const Ends others;
    ends.put();
    FdHandler handler(test.context, ends.near(), "closed", reads([] {}));
    const FdHandler other(test.context, others.near(), "other", reads([] {}));
    // The duplicate keeps the registration in the kernel, where nobody can remove it.
    const Descriptor duplicate(::dup(ends.near()));
    ends.close_near();
    handler = FdHandler();
    int reports = 0;
    test.on_report = [&](const Report& report) {
        if (report.kind == Report::Kind::monitor) {
            ++reports;
            // Would wait for itself for ever.
            test.context.report_closed_fds();
        }
    };
    {
        const FailingCreation failing(Creation::epoll_create1, EMFILE);
        for (int round = 0; round < 3; ++round) {
            test.context.poll(Wait::none);
        }
    }
    // Once, although each of the three has met it.
    CHECK(reports == 1);
    test.context.poll(Wait::none);
    CHECK(reports == 1);
    CHECK_FALSE(test.context.poll(Wait::none));
#else
    SKIP_LOUDLY("this build has no epoll");
#endif
}

TEST_CASE("a closed regular file is reported and not spun on") {
    Reporting test(any_kind());
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), &std::fclose);
    REQUIRE(file != nullptr);
    const int fd = ::fileno(file.get());
    int calls = 0;
    const FdHandler handler(test.context, fd, "file", reads([&calls] { ++calls; }));
    CHECK(test.context.poll(Wait::block));
    CHECK(calls == 1);
    file.reset();
    for (int round = 0; round < 3; ++round) {
        CHECK_FALSE(test.context.poll(Wait::none));
    }
    CHECK(calls == 1);
    CHECK(test.closed(fd) == 1);
}

}  // namespace nestling::testing
