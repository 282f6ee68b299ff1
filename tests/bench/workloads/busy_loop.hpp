// SPDX-License-Identifier: MIT
#pragma once

#include <sched.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "bench/workloads/fixture.hpp"

namespace bench {

/// What the loop of W2 does besides looking for work.
enum class Round : char { spins, works };

/// On lines of their own, because both threads look at them all the time.
struct alignas(64) SharedCount {
    std::atomic<std::size_t> value{0};

    [[nodiscard]] std::size_t get() const { return value.load(std::memory_order_acquire); }
    /// For one writer.
    void advance() { value.store(value.load(std::memory_order_relaxed) + 1, std::memory_order_release); }
};

/// A loop that never sleeps, on its own CPU, while others trigger it.
template <Loop L>
class BusyLoop {
public:
    /// `prepare` runs on the loop's thread before anything else.
    template <class F>
    BusyLoop(Round round, F prepare)
        : thread_(cpus().loop, [this, round, prepare] {
              L loop;
              watch_idle_fds(loop);
              prepare(loop);
              loop_ = &loop;
              ready_.open();
              while (!stop_.load(std::memory_order_relaxed)) {
                  if (round == Round::works) {
                      spin_until(now_ns() + 1000);
                  }
                  loop.turn();
                  rounds_.advance();
              }
              producers_gone_.pass();
          }) {
        ready_.pass();
    }
    BusyLoop(const BusyLoop&) = delete;
    BusyLoop& operator=(const BusyLoop&) = delete;
    ~BusyLoop() { stop(); }

    L& loop() { return *loop_; }
    [[nodiscard]] std::size_t rounds() const { return rounds_.get(); }
    void stop() {
        stop_.store(true, std::memory_order_relaxed);
        producers_gone_.open();
    }

private:
    SharedCount rounds_;
    std::atomic<bool> stop_{false};
    L* loop_ = nullptr;
    Gate ready_;
    Gate producers_gone_;
    PinnedThread thread_;
};

/// Keeps a producer from being further ahead of the loop than the loop can hold.
class Window {
public:
    static constexpr std::size_t size = 1024;

    explicit Window(const SharedCount& ran) : ran_(ran) {}
    [[nodiscard]] bool has_room(std::size_t number) const { return sent_ + number - ran_.get() <= size; }
    /// Waits, with its CPU given to a producer that shares it.
    void wait_for_room(std::size_t number) const {
        while (!has_room(number)) {
            relax();
            ::sched_yield();
        }
    }
    void wait_until_empty() const {
        while (ran_.get() != sent_) {
            ::sched_yield();
        }
    }
    std::size_t next() { return sent_++; }

private:
    const SharedCount& ran_;
    std::size_t sent_ = 0;
};

}  // namespace bench
