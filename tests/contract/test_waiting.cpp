// SPDX-License-Identifier: MIT
// Waiting in a nested loop: for one's own callbacks, for another thread, and for a call on another thread.
#include <nestling/nestling.hpp>

#include <atomic>
#include <csignal>
#include <stdexcept>
#include <thread>
#include <vector>

#include "support/child_process.hpp"
#include "support/syscall_counter.hpp"
#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;
using namespace std::chrono_literals;

TEST_CASE("wait_while() iterates until the predicate says no, and tells whether it had to", "[wait][F17.1]") {
    TestLoop loop(each_configuration());
    Context& context = loop.context();
    int asked = 0;
    CHECK_FALSE(wait_while(context, [&] {
        ++asked;
        return false;
    }));
    CHECK(asked == 1);
    int left = 3;
    BottomHalf half;
    half = BottomHalf(context, "half", [&] {
        if (--left != 0) {
            half.schedule();
        }
    });
    half.schedule();
    CHECK(wait_while(context, [&] { return left != 0; }));
    CHECK(left == 0);
    run_until(context, [&] { return left == 0; });
}

TEST_CASE("a wait asks its predicate before each iteration, and makes none too many", "[wait][counts][F17.5][B-69]") {
    TestLoop loop(each_configuration());
    Context& context = loop.context();
    int asked = 0;
    bool done = false;
    context.post("post", [&] { done = true; });
    const std::uint64_t before = loop.statistics().iterations;
    CHECK(wait_while(context, [&] {
        ++asked;
        return !done;
    }));
    CHECK(loop.statistics().iterations - before == 1);
    CHECK(asked == 2);
}

TEST_CASE("wait_while() nests in a callback, and both waits end", "[wait][F17.1][B-60]") {
    TestLoop loop(each_configuration());
    Context& context = loop.context();
    WaitPoint point;
    bool inner_done = false;
    bool outer_done = false;
    context.post("outer", [&] {
        context.post("inner", [&] {
            inner_done = true;
            point.kick();
        });
        point.wait_while(context, [&] { return !inner_done; });
        outer_done = true;
    });
    point.wait_while(context, [&] { return !outer_done; });
    CHECK(inner_done);
    CHECK(outer_done);
}

TEST_CASE("a kick from another thread ends each of many waits, and none is lost", "[wait][F17.2][F17.3][B-17][B-60]") {
    TestLoop loop(each_configuration());
    Context& context = loop.context();
    WaitPoint point;
    constexpr int rounds = 2000;
    std::atomic<int> asked{0};
    std::atomic<int> answered{0};
    std::thread other([&] {
        for (int round = 1; round <= rounds; ++round) {
            while (asked.load(std::memory_order_seq_cst) < round) {
                std::this_thread::yield();
            }
            // Relaxed: the order is the kick's.
            answered.store(round, std::memory_order_relaxed);
            point.kick();
        }
    });
    for (int round = 1; round <= rounds; ++round) {
        asked.store(round, std::memory_order_seq_cst);
        point.wait_while(context, [&] { return answered.load(std::memory_order_relaxed) < round; });
    }
    other.join();
    CHECK(answered.load(std::memory_order_seq_cst) == rounds);
}

TEST_CASE("a kick without waiters makes no system call and wakes no loop", "[wait][F17.2][counts]") {
    TestLoop loop(each_configuration());
    WaitPoint point;
    const std::uint64_t written = loop.statistics().wakes_written;
    const SyscallCounter counter;
    point.kick();
    CHECK(counter.text() == "none");
    CHECK(loop.statistics().wakes_written == written);
    CHECK_FALSE(loop.look());
}

TEST_CASE("threads without a context, and several contexts, wait at one point for one condition", "[wait][F17.2]") {
    const Configuration configuration = each_configuration();
    WaitPoint point;
    std::atomic<bool> go{false};
    std::atomic<int> through{0};
    std::atomic<int> about_to_wait{0};
    std::vector<std::thread> threads;
    for (int index = 0; index != 2; ++index) {
        threads.emplace_back([&] {
            about_to_wait.fetch_add(1, std::memory_order_seq_cst);
            point.block_while([&] { return !go.load(std::memory_order_relaxed); });
            through.fetch_add(1, std::memory_order_seq_cst);
        });
        threads.emplace_back([&] {
            TestLoop loop(configuration);
            about_to_wait.fetch_add(1, std::memory_order_seq_cst);
            point.wait_while(loop.context(), [&] { return !go.load(std::memory_order_relaxed); });
            through.fetch_add(1, std::memory_order_seq_cst);
        });
    }
    while (about_to_wait.load(std::memory_order_seq_cst) != 4) {
        std::this_thread::yield();
    }
    go.store(true, std::memory_order_relaxed);
    point.kick();
    for (std::thread& thread : threads) {
        thread.join();
    }
    CHECK(through.load(std::memory_order_seq_cst) == 4);
    CHECK_FALSE(point.block_while([] { return false; }));
}

TEST_CASE("call_in() runs there, waits, and brings back what was returned or thrown", "[wait][F17.4]") {
    TestLoop loop(each_configuration());
    const IoThread thread(options_for(*current_configuration(), "other"));
    Context& there = *thread.context();
    CHECK(call_in(loop.context(), there, [&] { return there.is_home() ? 42 : 0; }) == 42);
    CHECK(call_in(there, [&] { return there.is_home() ? 43 : 0; }) == 43);
    CHECK_THROWS_AS(call_in(loop.context(), there, []() -> int { throw std::runtime_error("no"); }),
                    std::runtime_error);
    call_in(there, [] {});
    // Here and now, on the thread itself.
    CHECK(call_in(loop.context(), [&] { return 44; }) == 44);
    CHECK(call_in(loop.context(), loop.context(), [&] { return 45; }) == 45);
}

TEST_CASE("two threads that call each other get ahead, because each iterates its own context", "[wait][F17.1][B-36]") {
    TestLoop loop(each_configuration());
    const IoThread thread(options_for(*current_configuration(), "other"));
    Context& here = loop.context();
    Context& there = *thread.context();
    constexpr int rounds = 200;
    int answers = 0;
    for (int round = 0; round != rounds; ++round) {
        answers += call_in(here, there, [&] { return call_in(there, here, [&] { return here.is_home() ? 1 : 0; }); });
    }
    CHECK(answers == rounds);
}

TEST_CASE("a call into a context that is destroyed first is cancelled", "[wait][F17.4]") {
    TestLoop loop(each_configuration());
    ContextOptions options = options_for(*current_configuration(), "other");
    options.home = Home::later;
    options.on_report = [](const Report&) {};
    auto there = std::make_unique<Context>(options);
    loop.context().post("end", [&] { there.reset(); });
    CHECK_THROWS_AS(call_in(loop.context(), *there, [] { return 1; }), std::system_error);
    CHECK(there == nullptr);
}

TEST_CASE("two home threads that block for each other are found out", "[wait][F17.1]") {
    static_cast<void>(each_configuration());
    const ChildEnd end = run_in_child([] {
        const IoThread first(ContextOptions{.name = "first"});
        const IoThread second(ContextOptions{.name = "second"});
        std::atomic<int> inside{0};
        const auto meet = [&inside] {
            inside.fetch_add(1, std::memory_order_seq_cst);
            while (inside.load(std::memory_order_seq_cst) < 2) {
                std::this_thread::yield();
            }
        };
        first.context()->post("to second", [&] {
            meet();
            call_in(*second.context(), [] {});
        });
        second.context()->post("to first", [&] {
            meet();
            call_in(*first.context(), [] {});
        });
        for (;;) {
            std::this_thread::sleep_for(1s);
        }
        return 0;
    });
    CHECK(end.signal == SIGABRT);
    CHECK(end.says("would wait for ever"));
}
