// SPDX-License-Identifier: MIT
// What a forked child may do with what it inherits, and how it begins anew (contracts F22.1, N-16).
#include <signal.h>
#include <unistd.h>
#include <nestling/nestling.hpp>

#include <memory>

#include "operation/masks.hpp"
#include "operation/test_child.hpp"
#include "support/child_process.hpp"
#include "support/testing.hpp"
#include "unit/until.hpp"

using namespace nestling;
using namespace nestling::testing;

TEST_CASE("a child drops its parent's watches, and the parent's go on", "[fork][F22.1][N-16]") {
    Context context;
    int signals = 0;
    int ends = 0;
    TestChild process;
    auto signal_watch = std::make_unique<SignalWatch>(context, std::initializer_list<int>{SIGUSR1}, "signals",
                                                      [&](const SignalInfo&) { ++signals; });
    auto child_watch = std::make_unique<ChildWatch>(context, process.pid(), "child", [&](ChildStatus) { ++ends; });
    const ChildEnd end = run_in_child([&] {
        signal_watch.reset();
        child_watch.reset();
        return 7;
    });
    CHECK(end.exit_code == 7);
    CHECK(end.errors.empty());
    ::kill(::getpid(), SIGUSR1);
    process.let_go();
    poll_until(context, [&] { return signals == 1 && ends == 1; });
}

TEST_CASE("a child makes a context of its own, with signals and children of its own", "[fork][F22.1][N-16]") {
    Context context;
    int inherited = 0;
    const SignalWatch watch(context, {SIGUSR1}, "signals", [&](const SignalInfo&) { ++inherited; });
    const ChildEnd end = run_in_child([] {
        Context own;
        int signals = 0;
        ChildStatus status;
        const SignalWatch signal_watch(own, {SIGUSR1}, "signals", [&](const SignalInfo&) { ++signals; });
        TestChild grandchild(9);
        bool is_over = false;
        const ChildWatch child_watch(own, grandchild.pid(), "child", [&](ChildStatus ended) {
            status = ended;
            is_over = true;
        });
        ::kill(::getpid(), SIGUSR1);
        grandchild.let_go();
        poll_until(own, [&] { return signals == 1 && is_over; });
        return status.value;
    });
    CHECK(end.signal == 0);
    CHECK(end.exit_code == 9);
    context.poll(Wait::none);
    CHECK(inherited == 0);
}

TEST_CASE("a watch of an inherited context ends the child with a message", "[fork][F22.1][N-16][death]") {
    ContextOptions options;
    options.name = "inherited";
    Context context(std::move(options));
    const std::vector<std::function<void()>> uses{
        [&] { const SignalWatch watch(context, {SIGUSR1}, "signals", [](const SignalInfo&) {}); },
        [&] { const ChildWatch watch(context, ::getppid(), "child", [](ChildStatus) {}); },
    };
    for (const auto& use : uses) {
        const ChildEnd end = run_in_child([&] {
            use();
            return 0;
        });
        CHECK(end.signal == SIGABRT);
        CHECK(end.says("inherited"));
        CHECK(end.says("fork"));
    }
}

TEST_CASE("a process that is started anew has what is blocked as its parent had, until it unblocks it", "[fork]") {
    Context context;
    const SignalWatch watch(context, {SIGUSR1}, "signals", [](const SignalInfo&) {});
    const ChildEnd end = run_in_child([] {
        if (!is_blocked(SIGUSR1)) {
            return 1;
        }
        sigset_t all;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_UNBLOCK, &all, nullptr);
        ::raise(SIGUSR1);
        return 2;
    });
    CHECK(end.signal == SIGUSR1);
}
