// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>
#include <vector>

#include "bench/syscalls.hpp"
#include "bench/workloads/fixture.hpp"

/// W3: two loops wake each other in turn. A wake is half a round trip.
namespace bench {

enum class Sleeping : char { yes, no };

/// What one exchange of wakes gives.
struct PingPong {
    std::vector<double> round_trips;
    double calls_per_wake = 0;
};

/// One of the two loops: answers each wake of the other one until told to stop.
template <Wakes L>
class Answerer {
public:
    Answerer(int cpu, Sleeping sleeping)
        : thread_(cpu, [this, sleeping] {
              L loop;
              watch_idle_fds(loop, idle_fds);
              auto answer = [this] {
                  if (!stop_.load(std::memory_order_acquire)) {
                      other_.load(std::memory_order_acquire)->wake();
                  }
              };
              const Hook hook = hook_of(answer);
              loop.set_waker(hook);
              loop_ = &loop;
              ready_.open();
              while (!stop_.load(std::memory_order_acquire)) {
                  if (sleeping == Sleeping::yes) {
                      loop.wait();
                  } else {
                      loop.turn();
                  }
              }
              gone_.pass();
          }) {
        ready_.pass();
    }
    L& start(L& other) {
        other_.store(&other, std::memory_order_release);
        return *loop_;
    }
    void stop() {
        stop_.store(true, std::memory_order_release);
        loop_->wake();
        gone_.open();
        thread_.join();
    }

private:
    std::atomic<bool> stop_{false};
    std::atomic<L*> other_{nullptr};
    L* loop_ = nullptr;
    Gate ready_;
    Gate gone_;
    PinnedThread thread_;
};

template <Wakes L>
PingPong ping_pong(const Effort& effort, int asking_cpu, Sleeping sleeping) {
    PingPong result;
    PinnedThread thread(asking_cpu, [&] {
        L loop;
        watch_idle_fds(loop);
        bool answered = false;
        auto hear = [&answered] { answered = true; };
        const Hook hook = hook_of(hear);
        loop.set_waker(hook);
        Answerer<L> answerer(cpus().loop, sleeping);
        L& other = answerer.start(loop);
        const auto exchange = [&] {
            answered = false;
            other.wake();
            while (!answered) {
                if (sleeping == Sleeping::yes) {
                    loop.wait();
                } else {
                    loop.turn();
                }
            }
        };
        for (int warm_up = 0; warm_up < 20; ++warm_up) {
            exchange();
        }
        const std::uint64_t calls = system_calls();
        const std::int64_t end = now_ns() + effort.budget_ns;
        for (std::int64_t start = now_ns(); start < end;) {
            exchange();
            const std::int64_t stop = now_ns();
            result.round_trips.push_back(static_cast<double>(stop - start));
            start = stop;
        }
        result.calls_per_wake =
            static_cast<double>(system_calls() - calls) / static_cast<double>(2 * result.round_trips.size());
        answerer.stop();
    });
    thread.join();
    return result;
}

template <Wakes L>
Outcome w3_round_trip(const Effort& effort, int asking_cpu, Sleeping sleeping) {
    return median_of(ping_pong<L>(effort, asking_cpu, sleeping).round_trips);
}

template <Wakes L>
Outcome w3_calls(const Effort& effort) {
    return ping_pong<L>(effort, cpus().loop, Sleeping::yes).calls_per_wake;
}

}  // namespace bench
