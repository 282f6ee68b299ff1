// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <type_traits>

namespace nestling::sync {

/// A number that one thread writes and any thread reads.
template <class T>
class SingleWriterCounter {
public:
    /// The writing thread.
    void add(T amount) noexcept requires std::is_integral_v<T> { set(get() + amount); }
    /// The writing thread.
    void set(T value) noexcept {
        // RELAXED a statistic: readers want the number, nothing hangs on when they see it.
        value_.store(value, std::memory_order_relaxed);
    }
    /// Any thread.
    [[nodiscard]] T get() const noexcept {
        // RELAXED as set().
        return value_.load(std::memory_order_relaxed);
    }

private:
    std::atomic<T> value_{};
};

/// A number that any thread adds to.
class SharedCounter {
public:
    void add_one() noexcept {
        // RELAXED a statistic.
        value_.fetch_add(1, std::memory_order_relaxed);
    }
    [[nodiscard]] std::uint64_t get() const noexcept {
        // RELAXED a statistic.
        return value_.load(std::memory_order_relaxed);
    }

private:
    std::atomic<std::uint64_t> value_{0};
};

}  // namespace nestling::sync
