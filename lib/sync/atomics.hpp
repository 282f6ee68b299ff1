// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>

#include "sync/expect_write.hpp"
#include "sync/full_fence.hpp"

namespace nestling::sync {

/// The atomics of the product. Everything lock-free in this folder takes such a policy as a template parameter, so that
/// a model checker compiles the same header with atomics of its own.
struct StdAtomics {
    template <class T>
    using Atomic = std::atomic<T>;

    /// A variable that needs no atomicity because something else orders its accesses; a checker verifies that.
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

    static void fence(std::memory_order) noexcept { full_fence(); }
    /// A fence right behind a read-modify-write of `word`, for nothing where that is a full barrier already.
    template <class T>
    static void fence_after_rmw(std::memory_order, const std::atomic<T>& word) noexcept {
        full_fence_after_rmw(word);
    }

    /// A hint, for nothing where it is of no use.
    static void expect_write(const void* where) noexcept { sync::expect_write(where); }

    /// For the compiler only: a signal handler finds the accesses of the thread that it interrupts in their order.
    static void order_signals() noexcept { std::atomic_signal_fence(std::memory_order_seq_cst); }
};

}  // namespace nestling::sync
