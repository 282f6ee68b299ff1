// SPDX-License-Identifier: MIT
// What each of the two ways to receive signals does to the process, and undoes.
#include <signal.h>
#include <unistd.h>
#include <nestling/nestling.hpp>

#include <cerrno>
#include <optional>
#include <thread>

#include "operation/failing_calls.hpp"
#include "operation/masks.hpp"
#include "support/child_process.hpp"
#include "support/open_fds.hpp"
#include "support/testing.hpp"
#include "unit/until.hpp"

using namespace nestling;
using namespace nestling::testing;

namespace {

void ignore(const SignalInfo&) {}

/// The handler of a signal, or SIG_DFL.
void (*handler_of(int number))(int) {
    struct sigaction now {};
    ::sigaction(number, nullptr, &now);
    return now.sa_handler;
}

}  // namespace

TEST_CASE("signals are blocked while the last watch of the thread lives, and then as before", "[signal]") {
    if (NESTLING_TEST_SIGNALFD == 0) {
        SKIP_LOUDLY("this build has no signalfd: a handler needs them not blocked");
    }
    Context context;
    const std::size_t fds = count_open_fds();
    const bool before = GENERATE(false, true);
    std::optional<BlockedSignals> blocked;
    if (before) {
        blocked.emplace(std::initializer_list<int>{SIGUSR1});
    }
    CHECK(is_blocked(SIGUSR1) == before);
    {
        SignalWatch first(context, {SIGUSR1, SIGUSR2}, "first", &ignore);
        CHECK(is_blocked(SIGUSR1));
        CHECK(is_blocked(SIGUSR2));
        const SignalWatch second(context, {SIGUSR1}, "second", &ignore);
        first = SignalWatch();
        CHECK(is_blocked(SIGUSR1));
        CHECK_FALSE(is_blocked(SIGUSR2));
    }
    CHECK(is_blocked(SIGUSR1) == before);
    CHECK(count_open_fds() == fds);
}

TEST_CASE("threads that start while signals are blocked have them blocked", "[signal]") {
    bool there = false;
    {
        const BlockedSignals outer({SIGUSR1});
        {
            const BlockedSignals inner({SIGUSR1, SIGUSR2});
            std::thread([&] { there = is_blocked(SIGUSR1) && is_blocked(SIGUSR2); }).join();
        }
        CHECK(is_blocked(SIGUSR1));
        CHECK_FALSE(is_blocked(SIGUSR2));
    }
    CHECK(there);
    CHECK_FALSE(is_blocked(SIGUSR1));
}

TEST_CASE("without signalfd a handler is in place while a watch lives, and then what was there before", "[signal]") {
    const FailingCall absent(Call::signalfd, ENOSYS);
    Context context;
    REQUIRE(handler_of(SIGUSR1) == SIG_DFL);
    const BlockedSignals blocked({SIGUSR1});
    {
        SignalWatch first(context, {SIGUSR1}, "first", &ignore);
        CHECK(first.form() == SignalForm::handler);
        CHECK_FALSE(is_blocked(SIGUSR1));
        const SignalWatch second(context, {SIGUSR1}, "second", &ignore);
        first = SignalWatch();
        CHECK(handler_of(SIGUSR1) != SIG_DFL);
    }
    CHECK(handler_of(SIGUSR1) == SIG_DFL);
    CHECK(is_blocked(SIGUSR1));
}

TEST_CASE("a handler that finds its pipe full loses no kind of signal", "[signal]") {
    const FailingCall absent(Call::signalfd, ENOSYS);
    Context context;
    int many = 0;
    int one = 0;
    const SignalWatch watch(context, {SIGRTMIN}, "many", [&](const SignalInfo&) { ++many; });
    const SignalWatch other(context, {SIGUSR1}, "one", [&](const SignalInfo&) { ++one; });
    constexpr int more_than_fit = 5000;
    for (int at = 0; at != more_than_fit; ++at) {
        ::kill(::getpid(), SIGRTMIN);
    }
    ::kill(::getpid(), SIGUSR1);
    poll_until(context, [&] { return one == 1; });
    while (context.poll(Wait::none)) {
    }
    CHECK(many > 100);
    CHECK(many < more_than_fit);
    CHECK(one == 1);
}

TEST_CASE("a handler keeps errno", "[signal]") {
    const FailingCall absent(Call::signalfd, ENOSYS);
    Context context;
    int calls = 0;
    const SignalWatch watch(context, {SIGUSR1}, "signals", [&](const SignalInfo&) { ++calls; });
    // Until the pipe is full, and beyond.
    int changed = 0;
    for (int at = 0; at != 4000; ++at) {
        errno = 77;
        ::raise(SIGUSR1);
        changed += errno == 77 ? 0 : 1;
    }
    CHECK(changed == 0);
    poll_until(context, [&] { return calls != 0; });
}

TEST_CASE("in a forked child a signal with a handler has the effect that it had before the watch", "[signal][fork]") {
    const FailingCall absent(Call::signalfd, ENOSYS);
    Context context;
    int calls = 0;
    SignalWatch watch(context, {SIGUSR1}, "signals", [&](const SignalInfo&) { ++calls; });
    SECTION("without a watch of its own") {
        const ChildEnd end = run_in_child([] {
            ::raise(SIGUSR1);
            return 0;
        });
        CHECK(end.signal == SIGUSR1);
    }
    SECTION("after a watch of its own") {
        const ChildEnd end = run_in_child([&watch] {
            watch = SignalWatch();
            Context own;
            int got = 0;
            {
                const SignalWatch mine(own, {SIGUSR1}, "mine", [&](const SignalInfo&) { ++got; });
                ::raise(SIGUSR1);
                poll_until(own, [&] { return got == 1; });
            }
            ::raise(SIGUSR1);
            return 0;
        });
        CHECK(end.signal == SIGUSR1);
        CHECK(end.errors.empty());
    }
    context.poll(Wait::none);
    CHECK(calls == 0);
    ::raise(SIGUSR1);
    poll_until(context, [&] { return calls == 1; });
}
