// SPDX-License-Identifier: MIT
// Cases 8, 9 and 23: when a source wakes the loop, and what it does while nothing is to be done.
#include <array>

#include "kit/trial.hpp"

namespace nestling::lab::kit {

using namespace std::chrono_literals;

void timers_are_exact(const Bench& bench) {
    if (!bench.subject.arm) {
        not_applicable("it is no timer that can be armed");
    }
    constexpr std::array<std::chrono::nanoseconds, 5> times{100us, 900us, 1ms, 1100us, 20'900us};
    for (const std::chrono::nanoseconds time : times) {
        Trial trial(bench);
        if (!trial.lab().has_virtual_time()) {
            not_applicable("time is real: " + trial.lab().why_real_time());
        }
        const auto begin = trial.lab().now();
        const std::uint64_t before = trial.deliveries();
        bench.subject.arm(trial.source(), time);
        int iterations = 0;
        while (trial.deliveries() == before) {
            const Step& step = trial.lab().step();
            bool was_woken = false;
            for (const PolledFd& polled : step.polled) {
                was_woken = was_woken || (polled.is_wakeup && polled.revents != 0);
            }
            iterations += was_woken ? 0 : 1;
            trial.expect(trial.lab().now() - begin <= time + 5ms,
                         "a timer of " + std::to_string(time.count()) + " ns is more than 5 ms late");
            trial.expect(iterations <= 2, "a timer of " + std::to_string(time.count()) +
                                              " ns takes more than two iterations: it wakes the loop too early");
        }
        trial.expect(trial.lab().now() - begin >= time,
                     "a timer of " + std::to_string(time.count()) + " ns fires " +
                         std::to_string((time - (trial.lab().now() - begin)).count()) + " ns early");
    }
}

void no_spin(const Bench& bench) {
    Trial trial(bench);
    const std::uint64_t before = trial.deliveries();
    trial.stimulate();
    trial.await(before + 1);
    trial.settle();
    const std::uint64_t steps = trial.lab().steps_made();
    constexpr std::uint64_t few = 5;
    if (trial.is(Traits::repeats)) {
        trial.lab().run_for(trial.a_while() / 10);
        trial.expect(trial.lab().longest_spin() <= few, "iterations in a row neither sleep nor dispatch anything");
    } else {
        trial.lab().run_for(trial.a_while());
        trial.expect(trial.lab().steps_made() - steps <= few, "the loop made " +
                                                                  std::to_string(trial.lab().steps_made() - steps) +
                                                                  " iterations in ten seconds without an event");
    }
}

void silence_when_idle(const Bench& bench) {
    not_for(bench, Traits::repeats, "it is never idle");
    Trial trial(bench);
    if (!trial.lab().counts_calls()) {
        not_applicable("system calls are not counted here");
    }
    constexpr int steps = 20;
    for (int step = 0; step != steps; ++step) {
        const Step& idle = trial.look();
        const std::uint64_t calls = idle.counts.all_calls() - idle.counts.of(Call::poll);
        trial.expect(calls == 0, "an iteration with nothing to do makes " + std::to_string(calls) +
                                     " system calls beside its poll");
    }
}

}  // namespace nestling::lab::kit
