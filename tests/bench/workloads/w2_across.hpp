// SPDX-License-Identifier: MIT
#pragma once

#include <utility>
#include <vector>

#include "bench/workloads/busy_loop.hpp"

/// W2: other threads trigger a loop that is awake. What counts is the time that it costs the producer.
namespace bench {

/// The producer's side: bursts of `operation(window)` as far as the window allows; a chunk is many bursts, and counts
/// only if the loop made progress during it.
template <class B, class F>
Outcome median_burst(const Effort& effort, const B& busy, Window& window, F&& operation) {
    constexpr std::size_t burst = 64;
    constexpr std::size_t bursts = 32;
    std::vector<double> values;
    const std::int64_t end = now_ns() + effort.budget_ns;
    while (now_ns() < end) {
        const std::size_t before = busy.rounds();
        std::int64_t taken = 0;
        for (std::size_t number = 0; number < bursts; ++number) {
            window.wait_for_room(burst);
            const std::int64_t start = now_ns();
            for (std::size_t index = 0; index < burst; ++index) {
                operation(window);
            }
            taken += now_ns() - start;
        }
        if (busy.rounds() != before) {
            values.push_back(static_cast<double>(taken) / static_cast<double>(burst * bursts));
        }
    }
    return median_of(std::move(values));
}

/// Runs `body` as a producer.
template <class F>
Outcome as_producer(F body) {
    Outcome result;
    PinnedThread producer(cpus().producer, [&] { result = body(); });
    producer.join();
    return result;
}

template <Wakes L>
Outcome w2_coalesced(const Effort& effort, Round round) {
    BusyLoop<L> busy(round, [](L& loop) { loop.set_waker(no_hook); });
    return as_producer([&] {
        constexpr std::size_t posts = 4096;
        std::vector<double> values;
        const std::int64_t end = now_ns() + effort.budget_ns;
        while (now_ns() < end) {
            const std::size_t before = busy.rounds();
            const std::int64_t start = now_ns();
            for (std::size_t index = 0; index < posts; ++index) {
                busy.loop().wake();
            }
            const std::int64_t taken = now_ns() - start;
            if (busy.rounds() != before) {
                values.push_back(static_cast<double>(taken) / static_cast<double>(posts));
            }
        }
        return median_of(std::move(values));
    });
}

template <Sends L>
Outcome w2_distinct(const Effort& effort, Round round) {
    SharedCount ran;
    auto count = [&ran] { ran.advance(); };
    const Hook hook = hook_of(count);
    BusyLoop<L> busy(round, [&hook](L& loop) {
        for (std::size_t index = 0; index < 2 * Window::size; ++index) {
            loop.add_sender(hook);
        }
    });
    return as_producer([&] {
        Window window(ran);
        const Outcome result = median_burst(
            effort, busy, window, [&](Window& sending) { busy.loop().send(sending.next() % (2 * Window::size)); });
        window.wait_until_empty();
        return result;
    });
}

template <PostsAcross L>
Outcome w2_posts(const Effort& effort) {
    SharedCount ran;
    auto count = [&ran] { ran.advance(); };
    const Hook hook = hook_of(count);
    BusyLoop<L> busy(Round::works, [](L& loop) {
        if constexpr (requires { loop.start_remote(); }) {
            loop.start_remote();
        }
    });
    return as_producer([&] {
        Window window(ran);
        const Outcome result = median_burst(effort, busy, window, [&](Window& sending) {
            sending.next();
            busy.loop().post_across(hook);
        });
        window.wait_until_empty();
        return result;
    });
}

/// Each producer has its own objects and its own window. The wall time contains their waiting: only that means
/// something when three threads share two CPUs.
template <Sends L>
Outcome w2_two_producers(const Effort& effort) {
    // Those of one producer are made together, as it would make them itself.
    constexpr std::size_t objects = 2 * Window::size;
    SharedCount ran[2];
    auto count_first = [&ran] { ran[0].advance(); };
    auto count_second = [&ran] { ran[1].advance(); };
    const Hook hooks[2] = {hook_of(count_first), hook_of(count_second)};
    BusyLoop<L> busy(Round::works, [&hooks](L& loop) {
        for (std::size_t index = 0; index < 2 * objects; ++index) {
            loop.add_sender(hooks[index / objects]);
        }
    });
    std::size_t sent[2] = {0, 0};
    const std::int64_t start = now_ns();
    const std::int64_t end = start + 2 * effort.budget_ns;
    const auto produce = [&](std::size_t who) {
        Window window(ran[who]);
        while (now_ns() < end) {
            window.wait_for_room(64);
            for (std::size_t index = 0; index < 64; ++index) {
                busy.loop().send(who * objects + window.next() % objects);
                ++sent[who];
            }
        }
        window.wait_until_empty();
    };
    {
        PinnedThread first(cpus().producer, [&] { produce(0); });
        PinnedThread second(cpus().second_producer, [&] { produce(1); });
        first.join();
        second.join();
    }
    return static_cast<double>(now_ns() - start) / static_cast<double>(sent[0] + sent[1]);
}

}  // namespace bench
