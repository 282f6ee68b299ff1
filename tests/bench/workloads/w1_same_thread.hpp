// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "bench/workloads/fixture.hpp"

/// W1: bottom halves that the loop's own thread schedules.
namespace bench {

inline constexpr std::size_t batch = 1000;

template <Schedules L>
Outcome w1_tasks(const Effort& effort, std::size_t number) {
    std::size_t ran = 0;
    auto count = [&ran] { ++ran; };
    const Hook hook = hook_of(count);
    return with_idle_fds<L>([&](L& loop) {
        for (std::size_t index = 0; index < number; ++index) {
            loop.add_task(hook);
        }
        return divided(median_chunk(effort,
                                    [&] {
                                        ran = 0;
                                        for (std::size_t index = 0; index < number; ++index) {
                                            loop.schedule(index);
                                        }
                                        while (ran < number) {
                                            loop.turn();
                                        }
                                    }),
                       static_cast<double>(number));
    });
}

template <Posts L>
Outcome w1_posts(const Effort& effort, std::size_t number) {
    std::size_t ran = 0;
    auto count = [&ran] { ++ran; };
    const Hook hook = hook_of(count);
    return with_idle_fds<L>([&](L& loop) {
        return divided(median_chunk(effort,
                                    [&] {
                                        ran = 0;
                                        for (std::size_t index = 0; index < number; ++index) {
                                            loop.post(hook);
                                        }
                                        while (ran < number) {
                                            loop.turn();
                                        }
                                    }),
                       static_cast<double>(number));
    });
}

/// A callback that schedules itself, `left` times.
template <Schedules L>
struct Chain {
    L* loop;
    std::size_t left;

    void operator()() {
        if (left == 0) {
            return;
        }
        --left;
        next();
    }
    void next() {
        if constexpr (requires { loop->schedule_next(std::size_t{0}); }) {
            loop->schedule_next(0);
        } else {
            loop->schedule(0);
        }
    }
};

template <Schedules L>
Outcome w1_chain(const Effort& effort) {
    constexpr std::size_t links = 64;
    Chain<L> chain{nullptr, 0};
    const Hook hook = hook_of(chain);
    return with_idle_fds<L>([&](L& loop) {
        chain.loop = &loop;
        loop.add_task(hook);
        return divided(median_chunk(effort,
                                    [&] {
                                        chain.left = links;
                                        chain.next();
                                        while (chain.left > 0) {
                                            loop.wait();
                                        }
                                        // The link that was scheduled last has not run.
                                        loop.turn();
                                    }),
                       static_cast<double>(links + 1));
    });
}

}  // namespace bench
