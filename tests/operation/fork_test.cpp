// SPDX-License-Identifier: MIT
// What a forked child may do with what it inherits, and how it begins anew (contracts F22.1, N-16).
#include <signal.h>
#include <unistd.h>
#include <nestling/nestling.hpp>

#include <memory>
#include <vector>

#include "operation/masks.hpp"
#include "operation/test_child.hpp"
#include "support/child_process.hpp"
#include "support/gate.hpp"
#include "support/testing.hpp"
#include "sync/full_fence.hpp"
#include "unit/until.hpp"

using namespace nestling;
using namespace nestling::testing;

namespace {
#if defined(NESTLING_TSAN)
constexpr bool starts_no_threads_after_fork = true;
#else
constexpr bool starts_no_threads_after_fork = false;
#endif
}  // namespace

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
    if (watch.form() != SignalForm::signalfd) {
        SKIP_LOUDLY("a handler needs signals that are not blocked");
    }
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

TEST_CASE("a child drops the threads, pools and queues that it has inherited, and does not wait for them",
          "[fork][F22.1][N-16]") {
    auto context = std::make_unique<Context>();
    auto pool = std::make_shared<ThreadPool>(ThreadPoolOptions{.min_threads = 2});
    auto queue = std::make_unique<WorkQueue>(*context, pool, "queue");
    auto thread = std::make_unique<IoThread>();
    Gate gate;
    int done = 0;
    Job job;
    // One that runs while the child is made, and one that waits.
    for (int at = 0; at != 3; ++at) {
        REQUIRE_FALSE(queue->submit([&gate] { gate.wait(); }, [&done](auto) { ++done; }, &job));
    }
    const ChildEnd end = run_in_child([&] {
        thread->stop();
        thread.reset();
        job = Job();
        queue.reset();
        pool.reset();
        context.reset();
        return 7;
    });
    CHECK(end.signal == 0);
    CHECK(end.exit_code == 7);
    CHECK(end.errors.empty());
    gate.open();
    poll_until(*context, [&] { return done == 3; });
    queue.reset();
}

TEST_CASE("a pool that was inherited ends the child with a message when it is used", "[fork][F22.1][N-16][death]") {
    ThreadPoolOptions options;
    options.name = "inherited";
    const auto pool = std::make_shared<ThreadPool>(options);
    const std::vector<std::function<void()>> uses{
        [&] { static_cast<void>(pool->threads()); },
        [&] { static_cast<void>(pool->set_limits(1, 2)); },
        [&] {
            Context own;
            WorkQueue queue(own, pool, "queue");
            static_cast<void>(queue.submit([] {}, [](auto) {}));
        },
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

TEST_CASE("a child begins anew with threads and pools of its own", "[fork][F22.1][N-16]") {
    const auto inherited = std::make_unique<IoThread>();
    if (starts_no_threads_after_fork) {
        SKIP_LOUDLY("ThreadSanitizer lets a child of many threads start none");
    }
    const ChildEnd end = run_in_child([] {
        IoThread thread;
        Gate posted;
        thread.context()->post("post", [&] { posted.open(); });
        posted.wait();
        Context context;
        const auto pool = std::make_shared<ThreadPool>();
        WorkQueue queue(context, pool, "queue");
        int result = 0;
        if (queue.submit([] { return 5; }, [&result](Outcome<int> outcome) { result = outcome.value(); })) {
            return 1;
        }
        poll_until(context, [&] { return result != 0; });
        return result;
    });
    CHECK(end.signal == 0);
    CHECK(end.exit_code == 5);
}
