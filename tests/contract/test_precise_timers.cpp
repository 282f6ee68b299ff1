// SPDX-License-Identifier: MIT
// Polling for the last moments before a timer. Counted, never timed.
#include <nestling/nestling.hpp>

#include <atomic>
#include <thread>
#include <utility>

#include "support/descriptors.hpp"
#include "support/syscall_counter.hpp"
#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;
using namespace std::chrono_literals;

namespace {

ContextOptions precise(std::chrono::nanoseconds tail) {
    ContextOptions options = options_for(each_configuration());
    options.precise_tail = tail;
    return options;
}

void run_until(Context& context, const bool& done) {
    while (!done) {
        context.poll(Wait::block);
    }
}

/// Fires once, or more often until `seen()`: on a machine that is busy the time may pass before the loop waits for it.
template <class F>
bool fires_so(Context& context, std::chrono::nanoseconds time, F seen) {
    for (int round = 0; round != 20; ++round) {
        bool fired = false;
        Timer timer(context, "timer", [&] { fired = true; });
        timer.arm_after(time);
        run_until(context, fired);
        if (seen()) {
            return true;
        }
    }
    return false;
}

}  // namespace

TEST_CASE("a precise timer is never early, however long its tail is", "[precise][timer][F14.1]") {
    const std::chrono::nanoseconds tail = GENERATE(1ns, 1us, std::chrono::nanoseconds(usual_precise_tail), 5ms);
    Context context(precise(tail));
    bool fired = false;
    int early = 0;
    std::chrono::nanoseconds deadline{};
    Timer timer(context, "timer", [&] {
        fired = true;
        early += clock_now(Clock::monotonic) < deadline ? 1 : 0;
    });
    for (int round = 0; round != 50; ++round) {
        fired = false;
        deadline = clock_now(Clock::monotonic) + std::chrono::microseconds(20 * round);
        timer.arm_at(deadline);
        run_until(context, fired);
    }
    CHECK(early == 0);
    CHECK(context.statistics().timers_fired == 50);
}

TEST_CASE("within its tail a timer is polled for without any sleep or system call", "[precise][counts]") {
    Context context(precise(1h));
    const SyscallCounter counter;
    CHECK(fires_so(context, 2ms, [&] { return context.statistics().timers_polled_for == 1; }));
    CHECK(counter.text() == "none");
    CHECK(context.statistics().sleeps == 0);
    CHECK(context.statistics().iterations == context.statistics().timers_fired);
}

TEST_CASE("before its tail the loop sleeps, and the rest belongs to the same iteration", "[precise][counts]") {
    Context context(precise(10ms));
    std::uint64_t sleeps = 0;
    std::uint64_t polls = 0;
    const auto slept_and_polled = [&] {
        const Statistics statistics = context.statistics();
        const std::uint64_t slept = statistics.sleeps - std::exchange(sleeps, statistics.sleeps);
        const std::uint64_t polled = statistics.timers_polled_for - std::exchange(polls, statistics.timers_polled_for);
        return slept == 1 && polled == 1;
    };
    const std::uint64_t begun = sleeps_begun();
    CHECK(fires_so(context, 30ms, slept_and_polled));
    CHECK(sleeps_begun() - begun <= context.statistics().sleeps);
    CHECK(context.statistics().iterations == context.statistics().timers_fired);
}

TEST_CASE("work that is published while a timer is polled for is seen", "[precise][wake]") {
    Context context(precise(24h));
    bool fired = false;
    Timer timer(context, "timer", [&] { fired = true; });
    timer.arm_after(12h);
    bool ran = false;
    const BottomHalf half(context, "half", [&] { ran = true; });
    std::thread producer([&] { half.schedule(); });
    run_until(context, ran);
    producer.join();

    const Ends ends;
    bool read = false;
    const FdHandler handler(context, ends.near(), "reader", {.read = [&] {
                                ends.take();
                                read = true;
                            }});
    std::thread writer([&] { ends.put(); });
    run_until(context, read);
    writer.join();
    CHECK_FALSE(fired);
    CHECK(context.statistics().sleeps == 0);
}

TEST_CASE("work that is published after a sleep, while a timer is polled for, is seen", "[precise][wake]") {
    constexpr std::chrono::hours tail{1};
    Context context(precise(tail));
    bool fired = false;
    Timer timer(context, "timer", [&] { fired = true; });
    bool ran = false;
    const BottomHalf half(context, "half", [&] { ran = true; });
    const std::uint64_t sleeps = sleeps_begun();
    // On a machine that is busy the tail may begin before the loop waits for it.
    for (int round = 0; round != 20 && sleeps_begun() == sleeps; ++round) {
        ran = false;
        const std::uint64_t polled = context.statistics().timers_polled_for;
        timer.arm_after(tail + 20ms);
        std::thread producer([&] {
            while (context.statistics().timers_polled_for == polled) {
                std::this_thread::yield();
            }
            half.schedule();
        });
        run_until(context, ran);
        producer.join();
    }
    CHECK_FALSE(fired);
    CHECK(sleeps_begun() - sleeps == 1);

    // Nothing is left behind that keeps the loop from sleeping.
    context.set_precise_tail(0ns);
    timer.arm_after(2ms);
    run_until(context, fired);
    CHECK(fired);
}

TEST_CASE("a timer that is moved nearer while the loop polls for another is not missed", "[precise][timer]") {
    Context context(precise(24h));
    Timer far(context, "far", [] {});
    far.arm_after(12h);
    bool fired = false;
    Timer near(context, "near", [&] { fired = true; });
    std::thread producer([&] { near.arm_after(1ms); });
    run_until(context, fired);
    producer.join();
    CHECK(far.is_armed());
    CHECK(context.statistics().sleeps == 0);
}

TEST_CASE("precise timers and busy polling go together", "[precise][busy]") {
    ContextOptions options = precise(2ms);
    options.busy_polling.max = 1us;
    Context context(options);
    bool fired = false;
    int early = 0;
    std::chrono::nanoseconds deadline{};
    Timer timer(context, "timer", [&] {
        fired = true;
        early += clock_now(Clock::monotonic) < deadline ? 1 : 0;
    });
    for (int round = 0; round != 50; ++round) {
        fired = false;
        deadline = clock_now(Clock::monotonic) + std::chrono::microseconds(100 * round);
        timer.arm_at(deadline);
        run_until(context, fired);
    }
    CHECK(early == 0);
    CHECK(context.statistics().timers_polled_for != 0);
}

TEST_CASE("without a tail nothing is polled for, and it can be switched at run time", "[precise]") {
    Context context(precise(-1ns));
    CHECK(fires_so(context, 1ms, [&] { return context.statistics().sleeps == 1; }));
    CHECK(context.statistics().timers_polled_for == 0);
    context.set_precise_tail(1h);
    CHECK(fires_so(context, 1ms, [&] { return context.statistics().timers_polled_for == 1; }));
    CHECK(context.statistics().sleeps == 1);
}
