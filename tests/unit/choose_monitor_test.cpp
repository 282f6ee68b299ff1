// SPDX-License-Identifier: MIT
#include "fdmon/choose.hpp"

#include <cerrno>
#include <string>
#include <system_error>

#include <nestling/context.hpp>

#include "support/environment.hpp"
#include "support/fault_injection.hpp"
#include "support/open_fds.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

namespace {

using fdmon::choose_monitor;
using fdmon::Chosen;

constexpr const char* variable = "NESTLING_MONITOR";

std::error_code refusal(MonitorKind kind) {
    try {
        const Chosen chosen = choose_monitor(kind);
    } catch (const std::system_error& error) {
        return error.code();
    }
    return {};
}

}  // namespace

TEST_CASE("poll can always be had by asking for it") {
    const Environment environment(variable, "epoll");
    const Chosen chosen = choose_monitor(MonitorKind::poll);
    CHECK(chosen.monitor->kind() == MonitorKind::poll);
    CHECK(chosen.reason() == "forced by ContextOptions::monitor");
}

TEST_CASE("NESTLING_MONITOR=poll forces poll on who does not ask for a monitor") {
    const Environment environment(variable, "poll");
    const Chosen chosen = choose_monitor(MonitorKind::automatic);
    CHECK(chosen.monitor->kind() == MonitorKind::poll);
    CHECK(chosen.reason() == "forced by NESTLING_MONITOR");
    const Context context;
    CHECK(context.monitor().kind == MonitorKind::poll);
    CHECK(context.monitor().reason == "forced by NESTLING_MONITOR");
}

TEST_CASE("a NESTLING_MONITOR that names no monitor is an error that quotes it") {
    const Environment environment(variable, "kqueue");
    try {
        const Chosen chosen = choose_monitor(MonitorKind::automatic);
        FAIL("no exception");
    } catch (const std::system_error& error) {
        CHECK(error.code() == std::errc::invalid_argument);
        CHECK(std::string(error.what()).find("kqueue") != std::string::npos);
    }
}

#if NESTLING_TEST_EPOLL

TEST_CASE("the best monitor is epoll, also when NESTLING_MONITOR is empty") {
    const char* const value = GENERATE(static_cast<const char*>(nullptr), "");
    const Environment environment(variable, value);
    const Chosen chosen = choose_monitor(MonitorKind::automatic);
    CHECK(chosen.monitor->kind() == MonitorKind::epoll);
    CHECK(chosen.reason() == "best that the system has");
}

TEST_CASE("epoll is forced by the options and by NESTLING_MONITOR") {
    {
        const Environment environment(variable, "poll");
        const Chosen chosen = choose_monitor(MonitorKind::epoll);
        CHECK(chosen.monitor->kind() == MonitorKind::epoll);
        CHECK(chosen.reason() == "forced by ContextOptions::monitor");
    }
    const Environment environment(variable, "epoll");
    const Chosen chosen = choose_monitor(MonitorKind::automatic);
    CHECK(chosen.monitor->kind() == MonitorKind::epoll);
    CHECK(chosen.reason() == "forced by NESTLING_MONITOR");
}

TEST_CASE("a kernel without epoll gets poll and says why, unless epoll was forced") {
    const int error = GENERATE(ENOSYS, EPERM);
    const FailingCreation failing(Creation::epoll_create1, error);
    {
        const Environment environment(variable, nullptr);
        const Chosen chosen = choose_monitor(MonitorKind::automatic);
        CHECK(chosen.monitor->kind() == MonitorKind::poll);
        CHECK(chosen.reason().find("no epoll") == 0);
        CHECK(refusal(MonitorKind::epoll).value() == error);
    }
    const Environment environment(variable, "epoll");
    CHECK(refusal(MonitorKind::automatic).value() == error);
}

TEST_CASE("when descriptors have run out nobody falls back to the slower monitor, and nothing stays open") {
    const Environment environment(variable, nullptr);
    const std::size_t before = count_open_fds();
    {
        const FailingCreation failing(Creation::epoll_create1, EMFILE);
        CHECK(refusal(MonitorKind::automatic) == std::errc::too_many_files_open);
        CHECK_THROWS_AS(Context(), std::system_error);
    }
    CHECK(count_open_fds() == before);
}

#else

TEST_CASE("a build without epoll takes poll, and says so to who forces epoll") {
    const Environment environment(variable, nullptr);
    CHECK(choose_monitor(MonitorKind::automatic).monitor->kind() == MonitorKind::poll);
    CHECK(refusal(MonitorKind::epoll) == std::errc::function_not_supported);
}

#endif

}  // namespace nestling::testing
