// SPDX-License-Identifier: MIT
#include "loop/fd_table.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
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
#include "support/fault_injection.hpp"
#include "support/testing.hpp"
#include "unit/monitors.hpp"
#include "unit/until.hpp"

namespace nestling::testing {

namespace {

/// A context that keeps what it reports.
struct Reporting {
    explicit Reporting(MonitorKind kind) : context(options(kind)) {}

    ContextOptions options(MonitorKind kind) {
        ContextOptions result;
        result.monitor = kind;
        result.on_report = [this](const Report& report) {
            {
                const std::lock_guard lock(mutex);
                reports.push_back(report);
            }
            if (on_report) {
                on_report(report);
            }
        };
        return result;
    }
    /// How many reports of a closed descriptor there are for it.
    std::size_t closed(int fd) {
        const std::lock_guard lock(mutex);
        std::size_t count = 0;
        for (const Report& report : reports) {
            count += report.kind == Report::Kind::closed_fd && report.fd == fd ? 1 : 0;
        }
        return count;
    }

    std::mutex mutex;
    std::vector<Report> reports;
    std::function<void(const Report&)> on_report;
    Context context;
};

FdCallbacks reads(Callback<void()> read) {
    FdCallbacks callbacks;
    callbacks.read = std::move(read);
    return callbacks;
}

std::error_code refusal(Context& context, int fd) {
    try {
        const FdHandler handler(context, fd, "refused", reads([] {}));
    } catch (const std::system_error& error) {
        return error.code();
    }
    return {};
}

MonitorKind any_kind() {
    return GENERATE(from_range(monitor_kinds()));
}

}  // namespace

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
