// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>

#include "os/thread_id.hpp"

namespace nestling::loop {

/// Which thread a context belongs to, if any.
class HomeThread {
public:
    /// Any thread.
    [[nodiscard]] bool is_here() const noexcept {
        // RELAXED a thread finds its own id only if it wrote it itself.
        return owner_.load(std::memory_order_relaxed) == os::this_thread_id();
    }

    /// Any thread. False if there is an owner already.
    bool adopt() noexcept {
        std::uintptr_t nobody = 0;
        // BARRIER home.adopt (acquire) pairs home.release: everything the former home thread did -> what this one does.
        return owner_.compare_exchange_strong(nobody, os::this_thread_id(), std::memory_order_acquire);
    }

    /// Home thread.
    void release() noexcept {
        // BARRIER home.release (release) pairs home.adopt: everything this thread did -> what the next home thread
        // does.
        owner_.store(0, std::memory_order_release);
    }

    /// Any thread.
    [[nodiscard]] bool is_set() const noexcept {
        // RELAXED for messages and for contexts that nobody else uses any more.
        return owner_.load(std::memory_order_relaxed) != 0;
    }

private:
    std::atomic<std::uintptr_t> owner_{0};
};

}  // namespace nestling::loop
