// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "sync/atomics.hpp"

namespace nestling::sync {

/// The orders of HomeThread, by name.
struct HomeOrders {
    // RELAXED a thread finds its own id only if it wrote it itself; else the answer is for messages.
    static constexpr std::memory_order look = std::memory_order_relaxed;
    // BARRIER home.adopt (acquire) pairs home.release: everything the former home thread did -> what this one does.
    static constexpr std::memory_order adopt = std::memory_order_acquire;
    // BARRIER home.release (release) pairs home.adopt: everything this thread did -> what the next home thread does.
    static constexpr std::memory_order release = std::memory_order_release;
};

/// Which thread a context belongs to, if any. A thread is a number that is not 0.
template <class Atomics = StdAtomics, class Orders = HomeOrders>
class HomeThread {
public:
    /// Any thread.
    [[nodiscard]] bool is(std::uintptr_t thread) const noexcept { return owner_.load(Orders::look) == thread; }

    /// Any thread.
    [[nodiscard]] bool is_set() const noexcept { return !is(0); }

    /// Any thread. False if there is an owner already.
    bool adopt(std::uintptr_t thread) noexcept {
        std::uintptr_t nobody = 0;
        return owner_.compare_exchange_strong(nobody, thread, Orders::adopt, Orders::look);
    }

    /// Home thread.
    void release() noexcept { owner_.store(0, Orders::release); }

private:
    typename Atomics::template Atomic<std::uintptr_t> owner_{0};
};

}  // namespace nestling::sync
