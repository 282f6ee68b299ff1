// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "model/explorer/engine.hpp"

namespace nestling::model {

template <class T>
std::uint64_t to_bits(T value) noexcept {
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= sizeof(std::uint64_t));
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof value);
    return bits;
}

template <class T>
T from_bits(std::uint64_t bits) noexcept {
    T value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

/// The atomics of the explorer, in place of sync::StdAtomics.
struct ModelAtomics {
    template <class T>
    class Atomic {
    public:
        Atomic() noexcept : Atomic(T{}) {}
        Atomic(T value) noexcept : cell_(Engine::active().add_atomic(this, sizeof *this, to_bits(value))) {}
        Atomic(const Atomic&) = delete;
        Atomic& operator=(const Atomic&) = delete;

        T load(std::memory_order order = std::memory_order_seq_cst) const noexcept {
            return from_bits<T>(Engine::active().load(cell_, order));
        }
        void store(T value, std::memory_order order = std::memory_order_seq_cst) noexcept {
            Engine::active().store(cell_, order, to_bits(value));
        }
        T exchange(T value, std::memory_order order = std::memory_order_seq_cst) noexcept {
            return modify(
                order, "exchange", [](std::uint64_t, std::uint64_t operand) { return operand; }, value);
        }
        T fetch_or(T bits, std::memory_order order = std::memory_order_seq_cst) noexcept {
            return modify(order, "fetch_or", &change<[](T a, T b) { return static_cast<T>(a | b); }>, bits);
        }
        T fetch_and(T bits, std::memory_order order = std::memory_order_seq_cst) noexcept {
            return modify(order, "fetch_and", &change<[](T a, T b) { return static_cast<T>(a & b); }>, bits);
        }
        T fetch_add(T amount, std::memory_order order = std::memory_order_seq_cst) noexcept {
            return modify(order, "fetch_add", &change<[](T a, T b) { return static_cast<T>(a + b); }>, amount);
        }
        T fetch_sub(T amount, std::memory_order order = std::memory_order_seq_cst) noexcept {
            return modify(order, "fetch_sub", &change<[](T a, T b) { return static_cast<T>(a - b); }>, amount);
        }

        bool compare_exchange_strong(T& expected, T desired, std::memory_order success,
                                     std::memory_order failure) noexcept {
            return compare_exchange(expected, desired, success, failure, Memory::Strength::strong);
        }
        bool compare_exchange_weak(T& expected, T desired, std::memory_order success,
                                   std::memory_order failure) noexcept {
            return compare_exchange(expected, desired, success, failure, Memory::Strength::weak);
        }
        bool compare_exchange_strong(T& expected, T desired,
                                     std::memory_order order = std::memory_order_seq_cst) noexcept {
            return compare_exchange_strong(expected, desired, order, without_release(order));
        }
        bool compare_exchange_weak(T& expected, T desired,
                                   std::memory_order order = std::memory_order_seq_cst) noexcept {
            return compare_exchange_weak(expected, desired, order, without_release(order));
        }

    private:
        static constexpr std::memory_order without_release(std::memory_order order) noexcept {
            return order == std::memory_order_acq_rel   ? std::memory_order_acquire
                   : order == std::memory_order_release ? std::memory_order_relaxed
                                                        : order;
        }

        template <auto Operation>
        static std::uint64_t change(std::uint64_t old, std::uint64_t operand) {
            return to_bits(Operation(from_bits<T>(old), from_bits<T>(operand)));
        }

        T modify(std::memory_order order, const char* action, Memory::Change how, T operand) noexcept {
            return from_bits<T>(Engine::active().modify(cell_, order, action, how, to_bits(operand)));
        }

        bool compare_exchange(T& expected, T desired, std::memory_order success, std::memory_order failure,
                              Memory::Strength strength) noexcept {
            const Access access = Engine::active().compare_exchange(
                cell_, {to_bits(expected), to_bits(desired), success, failure, strength});
            if (!access.wrote) {
                expected = from_bits<T>(access.read);
            }
            return access.wrote;
        }

        unsigned cell_;
    };

    /// Reports a race, and that it is read before it was written. One that is built without a value has none.
    template <class T>
    class Plain {
    public:
        Plain() noexcept : cell_(Engine::active().add_plain(this, sizeof *this, Lifetimes::Content::none)) {}
        explicit Plain(T value) noexcept
            : value_(value), cell_(Engine::active().add_plain(this, sizeof *this, Lifetimes::Content::value)) {}
        Plain(const Plain&) = delete;
        Plain& operator=(const Plain&) = delete;

        T load() const noexcept {
            Engine::active().plain_load(cell_, to_bits(value_));
            return value_;
        }
        void store(T value) noexcept {
            Engine::active().plain_store(cell_, to_bits(value));
            value_ = value;
        }

    private:
        T value_{};
        unsigned cell_;
    };

    static void fence(std::memory_order order) noexcept { Engine::active().fence(order); }
    template <class Word>
    static void fence_after_rmw(std::memory_order order, const Word& /*word*/) noexcept {
        fence(order);
    }
    static void expect_write(const void*) noexcept {}
    /// A thread of the model does its steps in their order, and so do those who interrupt it.
    static void order_signals() noexcept {}
};

}  // namespace nestling::model
