// SPDX-License-Identifier: MIT
#include "loop/fd_table.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <nestling/context.hpp>
#include <nestling/fd_handler.hpp>

#include "support/descriptors.hpp"
#include "support/testing.hpp"
#include "unit/monitors.hpp"
#include "unit/reporting.hpp"
#include "unit/until.hpp"

namespace nestling::testing {

TEST_CASE("a descriptor has one handler in a context, and another after that has gone") {
    Reporting test(any_kind());
    const Ends ends;
    {
        const FdHandler handler(test.context, ends.near(), "first", reads([] {}));
        CHECK(handler.fd() == ends.near());
        CHECK(refusal(test.context, ends.near()) == std::errc::file_exists);
        CHECK_FALSE(refusal(test.context, ends.far()));
    }
    CHECK_FALSE(refusal(test.context, ends.near()));
    CHECK(test.reports.empty());
}

TEST_CASE("a descriptor that is not open is refused") {
    Reporting test(any_kind());
    Ends ends;
    const int fd = ends.near();
    ends.close_near();
    CHECK(refusal(test.context, fd) == std::errc::bad_file_descriptor);
    CHECK(refusal(test.context, -1) == std::errc::bad_file_descriptor);
}

TEST_CASE("a closed descriptor is reported once, by whoever finds it first, and its handler is never called again") {
    Reporting test(any_kind());
    Ends ends;
    int calls = 0;
    const int fd = ends.near();
    {
        const FdHandler handler(test.context, fd, "closed", reads([&calls] { ++calls; }));
        ends.put();
        ends.close_near();
        CHECK(test.context.report_closed_fds() == 1);
        CHECK(test.context.report_closed_fds() == 0);
        CHECK_FALSE(test.context.poll(Wait::none));
    }
    CHECK(test.closed(fd) == 1);
    CHECK(calls == 0);
}

TEST_CASE("removing a handler whose descriptor was closed says so") {
    Reporting test(any_kind());
    Ends ends;
    const int fd = ends.near();
    FdHandler handler(test.context, fd, "closed", reads([] {}));
    ends.close_near();
    if (test.context.monitor().kind == MonitorKind::poll) {
        // poll(2) finds out by waiting.
        test.context.poll(Wait::none);
    }
    handler = FdHandler();
    CHECK(test.closed(fd) == 1);
}

TEST_CASE("a handler that wants nothing may be given other callbacks that want nothing") {
    Reporting test(any_kind());
    const Ends ends;
    FdHandler handler(test.context, ends.near(), "mute", FdCallbacks());
    CHECK_FALSE(handler.set(FdCallbacks()));
    CHECK_FALSE(handler.watch(Interest::none));
    CHECK_FALSE(handler.watch(Interest::both));
    int calls = 0;
    CHECK_FALSE(handler.set(reads([&calls] { ++calls; })));
    ends.put();
    CHECK(test.context.poll(Wait::none));
    CHECK(calls == 1);
}

TEST_CASE("a handler whose descriptor was closed is destroyed at home while another thread reports it") {
    Reporting test(any_kind());
    constexpr int rounds = 500;
    std::atomic<bool> is_other_to_go{false};
    std::thread other([&] {
        for (int round = 0; round < rounds; ++round) {
            until([&] { return is_other_to_go.load(); });
            test.context.report_closed_fds();
            is_other_to_go.store(false);
        }
    });
    for (int round = 0; round < rounds; ++round) {
        Ends ends;
        FdHandler handler(test.context, ends.near(), "closed", reads([] {}));
        ends.close_near();
        if (test.context.monitor().kind == MonitorKind::poll) {
            // poll(2) finds out by waiting, and not when the handler goes.
            test.context.poll(Wait::none);
        }
        is_other_to_go.store(true);
        handler = FdHandler();
        until([&] { return !is_other_to_go.load(); });
    }
    other.join();
    CHECK(test.reports.size() == rounds);
}

TEST_CASE("handlers are removed by one thread while another runs them") {
    Reporting test(any_kind());
    const Ends ends;
    ends.put();
    std::atomic<bool> is_done{false};
    std::atomic<int> removed{0};
    constexpr int rounds = 300;
    std::thread other([&] {
        for (int round = 0; round < rounds; ++round) {
            FdHandler handler(test.context, ends.near(), "passing", reads([] {}));
            handler.remove([&removed] { removed.fetch_add(1); });
        }
        is_done.store(true);
        test.context.notify();
    });
    while (!is_done.load()) {
        test.context.poll(Wait::block);
    }
    other.join();
    test.context.poll(Wait::none);
    CHECK(removed.load() == rounds);
    CHECK(test.reports.empty());
}

}  // namespace nestling::testing
