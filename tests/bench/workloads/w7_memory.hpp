// SPDX-License-Identifier: MIT
#pragma once

#include <malloc.h>
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <memory>
#include <thread>
#include <vector>

#include "bench/workloads/w5_timers.hpp"

/// W6 and W7: what a loop costs when it does nothing, and what its objects weigh.
namespace bench {

template <InGlib L>
Outcome w6_turn(const Effort& effort, std::size_t fds) {
    return with_loop<L>([&](L& loop) {
        for (std::size_t index = 0; index < fds; ++index) {
            loop.watch(event_fd(index), no_hook);
        }
        loop.turn();
        return median_chunk(effort, [&] { loop.turn(); });
    });
}

/// Bytes that the C library has given out and not got back, with its own headers.
inline double heap_in_use() {
    const struct mallinfo2 info = ::mallinfo2();
    return static_cast<double>(info.uordblks + info.hblkhd);
}

/// Bytes for each of `number` objects that `make` makes one of. Where the caller keeps its pointers or handles is not
/// counted.
template <class F>
double heap_of_each(std::size_t number, F make) {
    const double before = heap_in_use();
    for (std::size_t index = 0; index < number; ++index) {
        make(index);
    }
    return (heap_in_use() - before) / static_cast<double>(number);
}

inline constexpr std::size_t weighed = 1000;

template <Loop L>
void make_room(L& loop) {
    if constexpr (requires { loop.reserve(weighed); }) {
        loop.reserve(weighed + 1);
    }
}

template <Loop L>
Outcome w7_context(const Effort&) {
    return with_loop<L>([](L&) -> Outcome {
        constexpr std::size_t number = 16;
        std::vector<std::unique_ptr<L>> loops;
        loops.reserve(number);
        // One first: what a library allocates once is not a loop's.
        loops.push_back(std::make_unique<L>());
        return heap_of_each(number - 1, [&](std::size_t) { loops.push_back(std::make_unique<L>()); });
    });
}

template <Schedules L>
Outcome w7_task(const Effort&) {
    return with_loop<L>([](L& loop) -> Outcome {
        make_room(loop);
        return heap_of_each(weighed, [&](std::size_t) { loop.add_task(no_hook); });
    });
}

template <Watches L>
Outcome w7_fd(const Effort&) {
    event_fd(weighed);
    return with_loop<L>([](L& loop) -> Outcome {
        make_room(loop);
        return heap_of_each(weighed, [&](std::size_t index) { loop.watch(event_fd(index), no_hook); });
    });
}

template <Times L>
Outcome w7_timer(const Effort&) {
    return with_loop<L>([](L& loop) -> Outcome {
        make_room(loop);
        loop.add_timer(no_hook);
        loop.arm(0, now_ns(), far_delay(0));
        return heap_of_each(weighed, [&](std::size_t index) {
            loop.add_timer(no_hook);
            loop.arm(index + 1, now_ns(), far_delay(index));
        });
    });
}

inline double open_files() {
    const std::filesystem::directory_iterator files("/proc/self/fd");
    return static_cast<double>(std::distance(begin(files), end(files)));
}

template <Watches L>
Outcome w7_descriptors(const Effort&) {
    event_fd(idle_fds);
    const double before = open_files();
    return with_idle_fds<L>([&](L& loop) -> Outcome {
        loop.turn();
        return open_files() - before;
    });
}

/// How often the thread left its sleep without a reason. Its first sleep and the wake at the end are no wakeups.
template <class L>
requires Wakes<L> && Watches<L> Outcome w7_wakeups(const Effort& effort) {
    std::atomic<L*> target{nullptr};
    bool woken = false;
    double sleeps = 0;
    auto hear = [&woken] { woken = true; };
    const Hook hook = hook_of(hear);
    Gate ready;
    PinnedThread thread(cpus().loop, [&] {
        L loop;
        watch_idle_fds(loop);
        loop.set_waker(hook);
        if constexpr (Times<L>) {
            loop.add_timer(no_hook);
            loop.arm(0, now_ns(), 3'600'000'000'000);
        }
        loop.turn();
        target = &loop;
        ready.open();
        rusage before{};
        rusage after{};
        ::getrusage(RUSAGE_THREAD, &before);
        while (!woken) {
            loop.wait();
        }
        ::getrusage(RUSAGE_THREAD, &after);
        sleeps = static_cast<double>(after.ru_nvcsw - before.ru_nvcsw);
    });
    ready.pass();
    std::this_thread::sleep_for(std::chrono::nanoseconds(effort.watch_idle_ns));
    target.load()->wake();
    thread.join();
    return (sleeps > 1 ? sleeps - 1 : 0) * 1e9 / static_cast<double>(effort.watch_idle_ns);
}

}  // namespace bench
