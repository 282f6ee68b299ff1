// SPDX-License-Identifier: MIT
// Polling before a sleep. Counted, never timed: where something must be found by polling, polling goes on for as long
// as it takes.
#include <nestling/nestling.hpp>

#include <atomic>
#include <thread>

#include "support/descriptors.hpp"
#include "support/fault_injection.hpp"
#include "support/syscall_counter.hpp"
#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;
using namespace std::chrono_literals;

namespace {

constexpr BusyPolling without_end{.max = std::chrono::hours(24)};

ContextOptions polling(const BusyPolling& rule) {
    ContextOptions options = options_for(each_configuration());
    options.busy_polling = rule;
    return options;
}

/// One iteration that another thread ends, once it sleeps.
void sleep_once(Context& context) {
    const std::uint64_t asleep = sleeps_begun();
    std::thread producer([&] {
        while (sleeps_begun() == asleep) {
            std::this_thread::yield();
        }
        context.notify();
    });
    context.poll(Wait::block);
    producer.join();
}

/// One iteration that another thread ends, once it polls.
void poll_once(Context& context) {
    std::atomic<bool> stopped{false};
    std::thread producer([&] {
        // One that comes before the loop polls is taken in with everything else.
        while (!stopped.load(std::memory_order_seq_cst)) {
            context.notify();
            std::this_thread::yield();
        }
    });
    context.poll(Wait::block);
    stopped.store(true, std::memory_order_seq_cst);
    producer.join();
}

}  // namespace

TEST_CASE("what another thread schedules, posts or notifies while the loop polls is seen without any system call",
          "[busy][counts][F10.8][B-18][B-53][B-68]") {
    Context context(polling(without_end));
    std::atomic<int> asked{0};
    int answered = 0;
    const BottomHalf half(context, "half", [&] { ++answered; });
    // Where there is no CPU for both, each of them takes as long as the other's share of it.
    constexpr int rounds = 100;
    std::atomic<bool> stopped{false};
    std::thread producer([&] {
        for (int round = 1; round <= rounds; ++round) {
            while (asked.load(std::memory_order_seq_cst) < round) {
                std::this_thread::yield();
            }
            if (round % 3 == 0) {
                context.post("post", [&] { ++answered; });
            } else {
                half.schedule();
            }
        }
        while (asked.load(std::memory_order_seq_cst) <= rounds) {
            std::this_thread::yield();
        }
        // One that comes before the loop polls is taken in with everything else.
        while (!stopped.load(std::memory_order_seq_cst)) {
            context.notify();
            std::this_thread::yield();
        }
    });
    const SyscallCounter counter;
    for (int round = 1; round <= rounds; ++round) {
        asked.store(round, std::memory_order_seq_cst);
        while (answered != round) {
            context.poll(Wait::block);
        }
    }
    // It returns, and nothing has run.
    asked.store(rounds + 1, std::memory_order_seq_cst);
    const bool progress = context.poll(Wait::block);
    stopped.store(true, std::memory_order_seq_cst);
    const std::string calls = counter.text();
    producer.join();
    CHECK_FALSE(progress);
    CHECK(calls == "none");
    const Statistics statistics = context.statistics();
    CHECK(statistics.sleeps == 0);
    CHECK(statistics.wakes_written == 0);
    CHECK(statistics.busy_polls_given_up == 0);
    CHECK(statistics.busy_polls_found != 0);
}

TEST_CASE("a descriptor that becomes ready while the loop polls is seen", "[busy][fd][F10.10]") {
    Context context(polling(without_end));
    const Ends ends;
    bool read = false;
    const FdHandler handler(context, ends.near(), "reader", {.read = [&] {
                                ends.take();
                                read = true;
                            }});
    std::atomic<bool> is_polling{false};
    std::thread producer([&] {
        while (!is_polling.load(std::memory_order_seq_cst)) {
            std::this_thread::yield();
        }
        ends.put();
    });
    is_polling.store(true, std::memory_order_seq_cst);
    while (!read) {
        context.poll(Wait::block);
    }
    producer.join();
    CHECK(read);
    CHECK(context.statistics().sleeps == 0);
    CHECK(context.statistics().fd_callbacks_run == 1);
}

TEST_CASE("a descriptor that is added by another thread while the loop polls is seen", "[busy][fd]") {
    Context context(polling(without_end));
    const Ends ends;
    ends.put();
    bool read = false;
    FdHandler handler;
    std::atomic<bool> is_polling{false};
    std::thread producer([&] {
        while (!is_polling.load(std::memory_order_seq_cst)) {
            std::this_thread::yield();
        }
        handler = FdHandler(context, ends.near(), "reader", {.read = [&] {
                                ends.take();
                                read = true;
                            }});
    });
    is_polling.store(true, std::memory_order_seq_cst);
    while (!read) {
        context.poll(Wait::block);
    }
    producer.join();
    CHECK(context.statistics().sleeps == 0);
}

TEST_CASE("a poll hook is asked again and again while the loop polls", "[busy][fd][F10.7]") {
    Context context(polling(without_end));
    const Ends ends;
    int asked = 0;
    int ran = 0;
    FdCallbacks callbacks;
    callbacks.read = [] {};
    callbacks.poll = [&] { return ++asked % 100 == 0; };
    callbacks.poll_ready = [&] { ++ran; };
    const FdHandler handler(context, ends.near(), "hooked", std::move(callbacks));
    while (ran == 0) {
        context.poll(Wait::block);
    }
    CHECK(asked >= 100);
    CHECK(context.statistics().sleeps == 0);
}

TEST_CASE("what bottom halves of other threads keep busy does not hide a descriptor", "[busy][fd][F10.10]") {
    Context context(polling(without_end));
    const Ends ends;
    bool read = false;
    const FdHandler handler(context, ends.near(), "reader", {.read = [&] {
                                ends.take();
                                read = true;
                            }});
    std::atomic<bool> stop{false};
    std::thread producer([&] {
        const BottomHalf half(context, "busy", [] {});
        while (!stop.load(std::memory_order_seq_cst)) {
            half.schedule();
        }
    });
    ends.put();
    while (!read) {
        context.poll(Wait::block);
    }
    stop.store(true, std::memory_order_seq_cst);
    producer.join();
    context.poll(Wait::none);
    CHECK(read);
}

TEST_CASE("polling ends at the next deadline, and no timer is early", "[busy][timer][F10.7]") {
    Context context(polling(without_end));
    int fired = 0;
    int early = 0;
    std::chrono::nanoseconds deadline{};
    for (const Clock clock : {Clock::monotonic, Clock::wall}) {
        Timer timer(
            context, "timer",
            [&] {
                ++fired;
                early += clock_now(clock) < deadline ? 1 : 0;
            },
            clock);
        for (int round = 0; round != 20; ++round) {
            const int before = fired;
            deadline = clock_now(clock) + std::chrono::microseconds(50 * round);
            timer.arm_at(deadline);
            while (fired == before) {
                context.poll(Wait::block);
            }
        }
    }
    CHECK(fired == 40);
    CHECK(early == 0);
    CHECK(context.statistics().sleeps == 0);
}

TEST_CASE("polling goes on until the wall clock says so, whatever the monotonic clock has gone", "[busy][timer]") {
    const FastMonotonicClock clock;
    Context context(polling(without_end));
    bool fired = false;
    Timer timer(
        context, "timer", [&] { fired = true; }, Clock::wall);
    // The first half of this is all that the monotonic clock leaves.
    timer.arm_at(clock_now(Clock::wall) + 4ms);
    while (!fired) {
        context.poll(Wait::block);
    }
    CHECK(context.statistics().sleeps == 0);
}

TEST_CASE("a deadline that the monotonic clock passes before polling begins costs no sleep", "[busy][timer][F10.7]") {
    // The wall clock is not there yet whenever the monotonic clock has passed it.
    const StridingMonotonicClock clock(1ms);
    Context context(polling(without_end));
    int fired = 0;
    Timer timer(
        context, "timer", [&] { ++fired; }, Clock::wall);
    for (int round = 0; round != 4; ++round) {
        timer.arm_at(clock_now(Clock::wall) + 200us);
        while (fired == round) {
            context.poll(Wait::block);
        }
    }
    CHECK(context.statistics().sleeps == 0);
}

TEST_CASE("a timer that another thread arms while the loop polls is seen", "[busy][timer]") {
    Context context(polling(without_end));
    bool fired = false;
    Timer timer(context, "timer", [&] { fired = true; });
    std::thread producer([&] { timer.arm_after(1ms); });
    while (!fired) {
        context.poll(Wait::block);
    }
    producer.join();
    CHECK(context.statistics().sleeps == 0);
}

TEST_CASE("when nothing comes the loop sleeps, once for each wait", "[busy][counts][F10.11]") {
    Context context(polling({.max = 1us}));
    constexpr std::uint64_t waits = 10;
    const std::uint64_t sleeps = sleeps_begun();
    for (std::uint64_t wait = 0; wait != waits; ++wait) {
        sleep_once(context);
    }
    const Statistics statistics = context.statistics();
    CHECK(sleeps_begun() - sleeps == waits);
    CHECK(statistics.sleeps == waits);
    CHECK(statistics.iterations == waits);
    CHECK(statistics.busy_polls_found == 0);
    // Long waits end it, and it is tried again.
    CHECK(statistics.busy_polls_given_up >= 2);
    CHECK(statistics.busy_polls_given_up < waits);
}

TEST_CASE("a producer wakes the loop that has given up polling", "[busy][wake]") {
    Context context(polling({.max = 1us}));
    int ran = 0;
    const BottomHalf half(context, "half", [&] { ++ran; });
    for (int round = 1; round <= 20; ++round) {
        const std::uint64_t asleep = sleeps_begun();
        std::thread producer([&] {
            while (sleeps_begun() == asleep) {
                std::this_thread::yield();
            }
            half.schedule();
        });
        while (ran != round) {
            context.poll(Wait::block);
        }
        producer.join();
    }
    CHECK(context.statistics().wakes_written == 20);
}

TEST_CASE("polling is off unless asked for, and can be switched at run time", "[busy][F10.1][F10.11]") {
    Context context(options_for(each_configuration()));
    CHECK(context.busy_polling().max == 0ns);
    sleep_once(context);
    CHECK(context.statistics().sleeps == 1);
    CHECK(context.statistics().busy_polls_found + context.statistics().busy_polls_given_up == 0);

    context.set_busy_polling(without_end);
    CHECK(context.busy_polling().max == without_end.max);
    poll_once(context);
    CHECK(context.statistics().sleeps == 1);
    CHECK(context.statistics().busy_polls_found == 1);

    context.set_busy_polling({});
    sleep_once(context);
    CHECK(context.statistics().sleeps == 2);
    CHECK(context.statistics().busy_polls_found == 1);
    CHECK(context.statistics().busy_polls_given_up == 0);
}

TEST_CASE("a loop that only looks never polls longer, nor does one with work", "[busy]") {
    Context context(polling(without_end));
    const BottomHalf half(context, "half", [] {});
    CHECK_FALSE(context.poll(Wait::none));
    half.schedule();
    CHECK(context.poll(Wait::block));
    CHECK(context.statistics().busy_polls_found == 0);
    CHECK(context.statistics().sleeps == 0);
}

TEST_CASE("polling in an outer loop's window takes nothing from that loop", "[busy][window]") {
    const Configuration configuration = each_configuration();
    ContextOptions options;
    options.busy_polling = without_end;
    TestLoop loop(configuration, options);
    // Nested, whatever the driver: the steps of the outer loop sleep, and poll() inside a callback polls.
    int ran = 0;
    const BottomHalf inner(loop.context(), "inner", [&] { ++ran; });
    const BottomHalf outer(loop.context(), "outer", [&] {
        std::thread producer([&] { inner.schedule(); });
        while (ran == 0) {
            loop.context().poll(Wait::block);
        }
        producer.join();
        ran = 10;
    });
    outer.schedule();
    loop.run_until([&] { return ran == 10; });
    std::thread producer([&] { inner.schedule(); });
    loop.run_until([&] { return ran == 11; });
    producer.join();
    CHECK(ran == 11);
}

TEST_CASE("an outer loop's prepare() polls when asked to, and not before", "[busy][outer][N-4][F10.13]") {
    ContextOptions options = polling({.max = std::chrono::hours(24)});
    int ran = 0;
    {
        Context context(options);
        ExternalLoop outer(context);
        CHECK_FALSE(outer.prepare().ready);
        CHECK(context.statistics().busy_polls_found == 0);
    }
    options.busy_polling.outer_max = std::chrono::hours(24);
    Context context(options);
    ExternalLoop outer(context);
    const BottomHalf half(context, "half", [&] { ++ran; });
    std::atomic<bool> go{false};
    std::thread producer([&] {
        while (!go.load(std::memory_order_seq_cst)) {
            std::this_thread::yield();
        }
        half.schedule();
    });
    go.store(true, std::memory_order_seq_cst);
    // It does not come back before there is something.
    CHECK(outer.prepare().ready);
    producer.join();
    CHECK(outer.dispatch());
    CHECK(ran == 1);
    CHECK(context.statistics().wakes_written == 0);
    CHECK_FALSE(outer.may_rest());
}

TEST_CASE("a descriptor that prepare() finds while it polls is served by the dispatch", "[busy][outer][B-49][F10.13]") {
    ContextOptions options = polling({.max = std::chrono::hours(24)});
    options.busy_polling.outer_max = std::chrono::hours(24);
    Context context(options);
    ExternalLoop outer(context);
    const Ends ends;
    int reads = 0;
    const FdHandler handler(context, ends.near(), "reader", {.read = [&] {
                                ends.take();
                                ++reads;
                            }});
    for (int round = 1; round <= 3; ++round) {
        std::thread producer([&] { ends.put(); });
        CHECK(outer.prepare().ready);
        producer.join();
        CHECK(outer.dispatch());
        CHECK(reads == round);
    }
}

TEST_CASE("new parameters forget what was learned", "[busy][F10.1][F10.5]") {
    Context context(polling({.max = 1us}));
    const auto sleep_by_timer = [&context] {
        bool fired = false;
        Timer timer(context, "timer", [&] { fired = true; });
        timer.arm_after(100us);
        run_until(context, [&] { return fired; });
    };
    // Nothing comes but timers, so nothing is polled for any more.
    for (int wait = 0; wait != 50; ++wait) {
        sleep_by_timer();
    }
    const std::uint64_t before = context.statistics().busy_polls_given_up;
    sleep_by_timer();
    CHECK(context.statistics().busy_polls_given_up == before);
    context.set_busy_polling({.max = 1us});
    // Not by a timer, which may be due before the loop gets so far as to poll.
    sleep_once(context);
    CHECK(context.statistics().busy_polls_given_up == before + 1);
}

TEST_CASE("polling in prepare() that finds nothing becomes rare", "[busy][outer][counts][N-4]") {
    Context context(polling({.max = 1us, .outer_max = 1us}));
    ExternalLoop outer(context);
    constexpr std::uint64_t iterations = 5'000;
    for (std::uint64_t iteration = 0; iteration != iterations; ++iteration) {
        static_cast<void>(outer.prepare());
        static_cast<void>(outer.check());
    }
    CHECK(context.statistics().busy_polls_given_up < iterations / 10);
}
