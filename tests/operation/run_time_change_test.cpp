// SPDX-License-Identifier: MIT
// What can be changed while it runs (contracts F19.5), and what the system's tools can (F19.6).
#include <dirent.h>
#include <sched.h>
#include <unistd.h>
#include <nestling/nestling.hpp>

#include <atomic>
#include <fstream>
#include <string>
#include <system_error>

#include "operation/run_there.hpp"
#include "support/gate.hpp"
#include "support/testing.hpp"
#include "unit/until.hpp"

using namespace nestling;
using namespace nestling::testing;
using namespace std::chrono_literals;

TEST_CASE("the limits of a pool can be changed while it works", "[pool][F15.1][F19.5]") {
    Context context;
    ThreadPoolOptions options;
    options.name = "changing";
    options.min_threads = 1;
    options.max_threads = 1;
    options.queue_limit = 1;
    const auto pool = std::make_shared<ThreadPool>(options);
    WorkQueue queue(context, pool, "queue");
    Gate started;
    Gate gate;
    int done = 0;
    const auto submit = [&] { return queue.submit([&gate] { gate.wait(); }, [&done](auto) { ++done; }); };
    REQUIRE_FALSE(queue.submit(
        [&] {
            started.open();
            gate.wait();
        },
        [&done](auto) { ++done; }));
    started.wait();
    SECTION("more jobs may wait") {
        REQUIRE_FALSE(submit());
        CHECK(submit() == std::errc::resource_unavailable_try_again);
        pool->set_queue_limit(2);
        CHECK_FALSE(submit());
        CHECK(submit() == std::errc::resource_unavailable_try_again);
        // Those that wait stay.
        pool->set_queue_limit(0);
        CHECK(pool->queued() == 2);
        CHECK(pool->options().queue_limit == 0);
        gate.open();
        poll_until(context, [&] { return done == 3; });
        CHECK(submit() == std::errc::resource_unavailable_try_again);
    }
    SECTION("more threads work at once, and the surplus ends after its job") {
        pool->set_queue_limit(8);
        REQUIRE_FALSE(pool->set_limits(3, 3));
        CHECK(pool->threads() == 3);
        CHECK(pool->options().min_threads == 3);
        CHECK(pool->set_limits(4, 3) == std::errc::invalid_argument);
        CHECK(pool->set_limits(0, 0) == std::errc::invalid_argument);
        CHECK(pool->options().max_threads == 3);
        gate.open();
        REQUIRE_FALSE(pool->set_limits(1, 1));
        until([&] { return pool->threads() == 1; });
        poll_until(context, [&] { return done == 1; });
    }
    SECTION("threads that are idle for a day go at once when that is too long") {
        pool->set_queue_limit(8);
        pool->set_idle_life(24h);
        REQUIRE_FALSE(pool->set_limits(0, 2));
        REQUIRE_FALSE(submit());
        gate.open();
        poll_until(context, [&] { return done == 2; });
        CHECK(pool->threads() >= 1);
        pool->set_idle_life(1ms);
        until([&] { return pool->threads() == 0; });
        CHECK(pool->options().idle_life == 1ms);
    }
    gate.open();
}

TEST_CASE("how a thread's loop waits can be changed while it runs", "[iothread][F19.5]") {
    IoThread thread;
    Context& context = *thread.context();
    const auto found = [&] { return context.statistics().busy_polls_given_up; };
    CHECK(found() == 0);
    run_there(context, [&] { context.set_busy_polling({.max = 10us}); });
    until([&] {
        context.notify();
        return found() != 0;
    });
    std::chrono::nanoseconds as_set{0};
    run_there(context, [&] {
        as_set = context.busy_polling().max;
        context.set_busy_polling({});
        context.set_precise_tail(usual_precise_tail);
    });
    CHECK(as_set == 10us);
    std::atomic<int> fired{0};
    Timer timer(context, "timer", [&] { ++fired; });
    timer.arm_after(1ms);
    until([&] { return fired.load() == 1; });
    run_there(context, [&] { context.set_precise_tail(0ns); });
    const std::uint64_t after = found();
    for (int at = 0; at != 50; ++at) {
        run_there(context, [] {});
    }
    CHECK(found() == after);
    timer.remove_and_wait();
}

TEST_CASE("a thread is known by the system's number, and inherits where it may run", "[iothread][F19.5][F19.6]") {
    cpu_set_t before;
    REQUIRE(::sched_getaffinity(0, sizeof before, &before) == 0);
    int first = 0;
    while (CPU_ISSET(first, &before) == 0) {
        ++first;
    }
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    REQUIRE(::sched_setaffinity(0, sizeof one, &one) == 0);
    ContextOptions options;
    options.name = "numbered";
    const IoThread thread(std::move(options));
    REQUIRE(::sched_setaffinity(0, sizeof before, &before) == 0);
    CHECK(thread.thread_id() != ::getpid());
    std::string name;
    std::getline(std::ifstream("/proc/self/task/" + std::to_string(thread.thread_id()) + "/comm"), name);
    CHECK(name == "numbered");
    cpu_set_t inherited;
    REQUIRE(::sched_getaffinity(static_cast<pid_t>(thread.thread_id()), sizeof inherited, &inherited) == 0);
    CHECK(CPU_EQUAL(&inherited, &one) != 0);
    // What management does from outside.
    REQUIRE(::sched_setaffinity(static_cast<pid_t>(thread.thread_id()), sizeof before, &before) == 0);
}
