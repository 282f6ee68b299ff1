// SPDX-License-Identifier: MIT
#pragma once

#include <sys/prctl.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "bench/workloads/fixture.hpp"

/// W5: timers.
namespace bench {

/// From 10 to 30 seconds from now, spread so that they are not in order.
inline std::int64_t far_delay(std::size_t index) {
    return 10'000'000'000 + static_cast<std::int64_t>(index * 7919 % 20'011) * 1'000'000;
}

template <HasTimer L>
void refresh(L& loop) {
    if constexpr (requires { loop.refresh_time(); }) {
        loop.refresh_time();
    }
}

template <Times L>
std::int64_t arm_far_timers(L& loop, std::size_t number) {
    const std::int64_t now = now_ns();
    for (std::size_t index = 0; index < number; ++index) {
        loop.add_timer(no_hook);
        loop.arm(index, now, far_delay(index));
    }
    return now;
}

template <Times L>
Outcome w5_arm_and_cancel(const Effort& effort, std::size_t others) {
    return with_idle_fds<L>([&](L& loop) {
        const std::int64_t now = arm_far_timers(loop, others);
        loop.add_timer(no_hook);
        loop.turn();
        constexpr std::size_t pairs = 64;
        std::size_t turn = 0;
        return divided(median_chunk(effort,
                                    [&] {
                                        for (std::size_t index = 0; index < pairs; ++index) {
                                            loop.arm(others, now, far_delay(turn++));
                                            loop.cancel(others);
                                        }
                                        if constexpr (requires { loop.settle(); }) {
                                            loop.settle();
                                        }
                                    }),
                       static_cast<double>(pairs));
    });
}

template <Times L>
Outcome w5_rearm(const Effort& effort, std::size_t number) {
    return with_idle_fds<L>([&](L& loop) {
        const std::int64_t now = arm_far_timers(loop, number);
        loop.turn();
        constexpr std::size_t moves = 64;
        std::size_t turn = 0;
        return divided(median_chunk(effort,
                                    [&] {
                                        for (std::size_t index = 0; index < moves; ++index) {
                                            turn += 7919;
                                            loop.arm(turn % number, now, far_delay(turn + index));
                                        }
                                        if constexpr (requires { loop.settle(); }) {
                                            loop.settle();
                                        }
                                    }),
                       static_cast<double>(moves));
    });
}

/// All are due, by the coarsest peer's clock too, before the loop is asked to look.
template <Times L>
Outcome w5_fire(const Effort& effort) {
    constexpr std::size_t number = 1000;
    std::size_t fired = 0;
    auto count = [&fired] { ++fired; };
    const Hook hook = hook_of(count);
    return with_idle_fds<L>([&](L& loop) {
        for (std::size_t index = 0; index < number; ++index) {
            loop.add_timer(hook);
        }
        std::vector<double> values;
        const std::int64_t end = now_ns() + effort.budget_ns;
        while (now_ns() < end || values.size() < fewest_chunks) {
            fired = 0;
            refresh(loop);
            const std::int64_t now = now_ns();
            for (std::size_t index = 0; index < number; ++index) {
                loop.arm(index, now, 1'000'000 + static_cast<std::int64_t>(index * 7919 % number) * 100);
            }
            spin_until(now_ns() + 3'000'000);
            const std::int64_t start = now_ns();
            while (fired < number) {
                loop.turn();
            }
            values.push_back(static_cast<double>(now_ns() - start) / static_cast<double>(number));
        }
        return median_of(std::move(values));
    });
}

template <Times L>
Outcome w5_turn(const Effort& effort, std::size_t number) {
    return with_idle_fds<L>([&](L& loop) {
        arm_far_timers(loop, number);
        loop.turn();
        return median_chunk(effort, [&] { loop.turn(); });
    });
}

/// With the kernel's timer slack at its least, for all peers alike.
template <HasTimer L>
Outcome w5_lateness(const Effort& effort) {
    constexpr std::int64_t delay = 100'000;
    return with_precise_timers<L>([&](L& loop) {
        watch_idle_fds(loop);
        ::prctl(PR_SET_TIMERSLACK, 1UL);
        std::int64_t fired = 0;
        auto stamp = [&fired] { fired = now_ns(); };
        const Hook hook = hook_of(stamp);
        loop.add_timer(hook);
        std::vector<double> values;
        const std::int64_t end = now_ns() + effort.budget_ns;
        while (now_ns() < end || values.size() < fewest_chunks) {
            fired = 0;
            refresh(loop);
            const std::int64_t now = now_ns();
            loop.arm(0, now, delay);
            while (fired == 0) {
                loop.wait();
            }
            values.push_back(static_cast<double>(fired - now - delay));
        }
        return median_of(std::move(values));
    });
}

struct Deadline {
    std::int64_t time;
    std::size_t* fired;
    std::size_t* early;
    Hook hook;
};

/// Counts the timers that fired before the time that was asked for.
template <Times L>
Outcome w5_early(const Effort& effort) {
    constexpr std::size_t number = 500;
    std::size_t fired = 0;
    std::size_t early = 0;
    std::deque<Deadline> deadlines;
    for (std::size_t index = 0; index < number; ++index) {
        Deadline& deadline = deadlines.emplace_back(Deadline{0, &fired, &early, {}});
        deadline.hook = {[](void* data) {
                             const auto* due = static_cast<const Deadline*>(data);
                             *due->early += now_ns() < due->time ? 1U : 0U;
                             ++*due->fired;
                         },
                         &deadline};
    }
    return with_idle_fds<L>([&](L& loop) -> Outcome {
        for (const Deadline& deadline : deadlines) {
            loop.add_timer(deadline.hook);
        }
        for (std::size_t done = 0; done < effort.early_timers; done += number) {
            fired = 0;
            refresh(loop);
            for (std::size_t index = 0; index < number; ++index) {
                const std::int64_t delay = 20'000 + static_cast<std::int64_t>((index + done) * 7919 % 2'000) * 1'000;
                const std::int64_t now = now_ns();
                deadlines[index].time = now + delay;
                loop.arm(index, now, delay);
            }
            while (fired < number) {
                loop.wait();
            }
        }
        return static_cast<double>(early);
    });
}

}  // namespace bench
