// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>

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
};

}  // namespace nestling::sync
