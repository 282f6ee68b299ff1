// SPDX-License-Identifier: MIT
#pragma once

#include <time.h>

#include <atomic>
#include <cstdint>

#include "bench/workloads/w3_wake.hpp"
#include "bench/workloads/w5_timers.hpp"

/// W3 and W5 for peers that can poll before they sleep.
namespace bench {

/// More than it costs to wake a sleeping thread, here 25 to 60 us: with less, neither of two loops that answer each
/// other could see the other's answer before it gives up.
inline constexpr std::int64_t longest_polling = 100'000;

template <BusyPolls L>
struct PollingLoop : L {
    PollingLoop() { this->poll_before_sleeps(longest_polling); }
};

/// Both loops wait in the blocking way.
template <BusyPolls L>
Outcome w3_busy_polling(const Effort& effort) {
    return w3_round_trip<PollingLoop<L>>(effort, cpus().producer, Sleeping::yes);
}

inline void pause_for(std::int64_t duration) {
    const timespec time{0, static_cast<long>(duration)};
    ::nanosleep(&time, nullptr);
}

/// Whoever wakes it takes his time when told to.
template <BusyPolls L>
class PatientLoop : public PollingLoop<L> {
public:
    void wake() {
        if (const std::int64_t delay = delay_.load(std::memory_order_relaxed); delay != 0) {
            pause_for(delay);
        }
        L::wake();
    }
    void wait_long(std::int64_t delay) { delay_.store(delay, std::memory_order_relaxed); }

private:
    std::atomic<std::int64_t> delay_{0};
};

/// Short waits, then some long ones for both loops, then short ones again. True if most of the last ones were slept
/// through, in one loop or the other.
template <BusyPolls L>
bool polling_collapses(int long_waits) {
    bool collapsed = false;
    PinnedThread thread(cpus().producer, [&] {
        PatientLoop<L> loop;
        bool answered = false;
        auto hear = [&answered] { answered = true; };
        const Hook hook = hook_of(hear);
        loop.set_waker(hook);
        Answerer<PatientLoop<L>> answerer(cpus().loop, Sleeping::yes);
        PatientLoop<L>& other = answerer.start(loop);
        const auto exchange = [&](int times) {
            for (int time = 0; time != times; ++time) {
                answered = false;
                other.wake();
                while (!answered) {
                    loop.wait();
                }
            }
        };
        constexpr std::int64_t long_wait = 1'000'000;
        constexpr int judged = 500;
        exchange(500);
        loop.wait_long(long_wait);
        other.wait_long(long_wait);
        exchange(long_waits);
        loop.wait_long(0);
        other.wait_long(0);
        exchange(1500);
        const std::uint64_t own = loop.sleeps();
        const std::uint64_t others = other.sleeps();
        exchange(judged);
        collapsed = 2 * (loop.sleeps() - own) > judged || 2 * (other.sleeps() - others) > judged;
        answerer.stop();
    });
    thread.join();
    return collapsed;
}

template <BusyPolls L>
Outcome w3_collapse(const Effort&) {
    int collapsed = 0;
    for (int run = 0; run != 100; ++run) {
        collapsed += polling_collapses<L>(1 + run % 20) ? 1 : 0;
    }
    return collapsed;
}

template <PollsForTimers L>
struct PreciseLoop : L {
    PreciseLoop() { this->poll_for_timers(); }
};

template <PollsForTimers L>
Outcome w5_precise(const Effort& effort) {
    return w5_lateness<PreciseLoop<L>>(effort);
}

}  // namespace bench
