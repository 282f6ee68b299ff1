// SPDX-License-Identifier: MIT
//
// The wake protocol for Relacy (header-only), by the headers that ship. Never run by the authors: at the time of
// writing Relacy was at hand nowhere, and only the syntax was checked, against a stub of the names used here. A failure
// to compile is more likely to be a fault of this file than of the protocol.
//
//   c++ -std=c++20 -I lib -I tests -I RELACY tests/model/tools/relacy/wake_relacy.cpp && ./a.out
//
// RELACY is the folder that holds relacy/relacy.hpp.

#include <cstdio>

#include "model/tools/small_loop.hpp"

// After the headers under test: it may define names of the language and of the standard library as macros.
#include <relacy/relacy.hpp>

#undef memory_order_relaxed
#undef memory_order_acquire
#undef memory_order_release
#undef memory_order_acq_rel
#undef memory_order_seq_cst

namespace {

rl::memory_order translated(std::memory_order order) {
    switch (order) {
        case std::memory_order_relaxed:
            return rl::mo_relaxed;
        case std::memory_order_acquire:
            return rl::mo_acquire;
        case std::memory_order_release:
            return rl::mo_release;
        case std::memory_order_acq_rel:
            return rl::mo_acq_rel;
        default:
            return rl::mo_seq_cst;
    }
}

struct RelacyAtomics {
    template <class T>
    class Atomic {
    public:
        explicit Atomic(T value) : value_(value) {}
        T load(std::memory_order order) const { return value_.load(translated(order), $); }
        void store(T value, std::memory_order order) { value_.store(value, translated(order), $); }
        T exchange(T value, std::memory_order order) { return value_.exchange(value, translated(order), $); }
        T fetch_or(T bits, std::memory_order order) { return value_.fetch_or(bits, translated(order), $); }
        T fetch_and(T bits, std::memory_order order) { return value_.fetch_and(bits, translated(order), $); }
        bool compare_exchange_strong(T& expected, T desired, std::memory_order success, std::memory_order failure) {
            return value_.compare_exchange_strong(expected, desired, translated(success), $, translated(failure), $);
        }
        bool compare_exchange_weak(T& expected, T desired, std::memory_order success, std::memory_order failure) {
            return value_.compare_exchange_weak(expected, desired, translated(success), $, translated(failure), $);
        }

    private:
        rl::atomic<T> value_;
    };

    /// Relacy reports races on it.
    template <class T>
    class Plain {
    public:
        Plain() = default;
        explicit Plain(T value) : value_(value) {}
        T load() const { return value_($); }
        void store(T value) { value_($) = value; }

    private:
        rl::var<T> value_;
    };

    static void fence(std::memory_order order) { rl::atomic_thread_fence(translated(order), $); }
    template <class Word>
    static void fence_after_rmw(std::memory_order order, const Word& /*word*/) {
        fence(order);
    }
    static void expect_write(const void*) noexcept {}
    static void order_signals() {}
};

struct Relacy {
    using Atomics = RelacyAtomics;
    static void check(bool condition) { RL_ASSERT(condition); }
    /// Relacy reports the execution in which nobody else can go on as a livelock.
    template <class IsSet>
    static void wait(IsSet is_set) {
        while (!is_set()) {
            rl::yield(1, $);
        }
    }
};

template <template <class, class> class Form, class Orders>
struct Wakes : rl::test_suite<Wakes<Form, Orders>, 3> {
    using Loop = nestling::model::SmallLoop<Relacy, Form, Orders>;

    void thread(unsigned number) {
        if (number == 0) {
            loop.run_natively(2);
        } else if (number == 1) {
            loop.schedule(half, 1);
        } else {
            loop.request();
        }
    }

    Loop loop;
    typename Loop::Half half;
};

template <class Suite>
bool holds(const char* name) {
    rl::test_params params;
    params.search_type = rl::fair_context_bound_scheduler_type;
    params.context_bound = 3;
    params.execution_depth_limit = 10'000;
    const bool result = rl::simulate<Suite>(params);
    std::printf("verdict %s %s\n", name, result ? "ok" : "broken");
    return result;
}

}  // namespace

int main() {
    const bool oneword = holds<Wakes<nestling::sync::WakeOneword, nestling::sync::OnewordOrders>>("oneword");
    const bool seed = holds<Wakes<nestling::sync::WakeSeed, nestling::sync::SeedOrders>>("seed");
    return oneword && seed ? 0 : 1;
}
