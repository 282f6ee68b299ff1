// SPDX-License-Identifier: MIT
//
// The wake protocol for GenMC, by the headers that ship. Choose with -DFORM=1 (oneword) or 2 (seed) and
// -DSCENARIO=1: one bottom half; 2: two producers, a bottom half each; 3: a plain store before notify(); 4: a bottom
// half and a plain store; 5: as 4, by an outer loop with poll() in its window. -DWITHOUT_FENCES weakens both fences of
// seed.
//
//   genmc --rc11 --unroll=8 -- -std=c++20 -I lib -I tests -DUNDER_GENMC -DFORM=1 -DSCENARIO=1 FILE
//
// Without UNDER_GENMC it is an ordinary program, which runs one execution and waits in earnest.

#include <assert.h>
#include <pthread.h>
#include <sched.h>

#include "model/tools/small_loop.hpp"

#ifndef FORM
#define FORM 1
#endif
#ifndef SCENARIO
#define SCENARIO 1
#endif

namespace {

struct BuiltinAtomics {
    template <class T>
    class Atomic {
    public:
        constexpr explicit Atomic(T value) noexcept : value_(value) {}
        T load(std::memory_order order) const noexcept { return __atomic_load_n(&value_, number(order)); }
        void store(T value, std::memory_order order) noexcept { __atomic_store_n(&value_, value, number(order)); }
        T exchange(T value, std::memory_order order) noexcept {
            return __atomic_exchange_n(&value_, value, number(order));
        }
        T fetch_or(T bits, std::memory_order order) noexcept { return __atomic_fetch_or(&value_, bits, number(order)); }
        T fetch_and(T bits, std::memory_order order) noexcept {
            return __atomic_fetch_and(&value_, bits, number(order));
        }
        bool compare_exchange_strong(T& expected, T desired, std::memory_order success,
                                     std::memory_order failure) noexcept {
            return __atomic_compare_exchange_n(&value_, &expected, desired, false, number(success), number(failure));
        }
        bool compare_exchange_weak(T& expected, T desired, std::memory_order success,
                                   std::memory_order failure) noexcept {
            return __atomic_compare_exchange_n(&value_, &expected, desired, true, number(success), number(failure));
        }

    private:
        static constexpr int number(std::memory_order order) noexcept { return static_cast<int>(order); }
        T value_;
    };

    /// GenMC itself reports races on it.
    template <class T>
    class Plain {
    public:
        Plain() = default;
        explicit Plain(T value) noexcept : value_(value) {}
        T load() const noexcept { return value_; }
        void store(T value) noexcept { value_ = value; }

    private:
        T value_{};
    };

    static void fence(std::memory_order order) noexcept { __atomic_thread_fence(static_cast<int>(order)); }
    template <class Word>
    static void fence_after_rmw(std::memory_order order, const Word& /*word*/) noexcept {
        fence(order);
    }
    static void expect_write(const void*) noexcept {}
    static void order_signals() noexcept {}
};

struct GenMc {
    using Atomics = BuiltinAtomics;
    static void check(bool condition) { assert(condition); }
    template <class IsSet>
    static void wait(IsSet is_set) {
#if defined(UNDER_GENMC)
        if (!is_set()) {
            pthread_exit(nullptr);
        }
#else
        while (!is_set()) {
            sched_yield();
        }
#endif
    }
};

struct OrdersUnderTest : nestling::sync::SeedOrders {
#if defined(WITHOUT_FENCES)
    static constexpr std::memory_order publish_fence = std::memory_order_acq_rel;
    static constexpr std::memory_order announce_fence = std::memory_order_acq_rel;
#endif
};

#if FORM == 1
using Loop = nestling::model::SmallLoop<GenMc, nestling::sync::WakeOneword, nestling::sync::OnewordOrders>;
#else
using Loop = nestling::model::SmallLoop<GenMc, nestling::sync::WakeSeed, OrdersUnderTest>;
#endif

Loop loop;
Loop::Half first;
Loop::Half second;

void* consume(void*) {
    const int wanted = SCENARIO == 1 || SCENARIO == 3 ? 1 : 2;
    if (SCENARIO == 5) {
        loop.run_outside(wanted);
    } else {
        loop.run_natively(wanted);
    }
    return nullptr;
}

void* produce(void*) {
    if (SCENARIO == 3) {
        loop.request();
    } else {
        loop.schedule(first, 1);
    }
    return nullptr;
}

void* produce_more(void*) {
    if (SCENARIO == 2) {
        loop.schedule(second, 2);
    } else {
        loop.request();
    }
    return nullptr;
}

}  // namespace

int main() {
    constexpr int count = SCENARIO == 1 || SCENARIO == 3 ? 2 : 3;
    void* (*const bodies[])(void*) = {consume, produce, produce_more};
    pthread_t threads[3];
    for (int at = 0; at < count; ++at) {
        if (pthread_create(&threads[at], nullptr, bodies[at], nullptr) != 0) {
            return 1;
        }
    }
    for (int at = 0; at < count; ++at) {
        pthread_join(threads[at], nullptr);
    }
    assert(!loop.is_lost());
    return 0;
}
