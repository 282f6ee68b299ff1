// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <mutex>
#include <utility>

namespace nestling::loop {

/// Nodes whose handles are gone, on their way to the home thread, which frees them. Linked through
/// `Node::next_retired`, so that removing a handle allocates nothing and cannot fail.
template <class Node>
class RetiredList {
public:
    /// Any thread. Whoever is not at home notifies the context afterwards.
    void push(Node& node) noexcept {
        const std::lock_guard lock(mutex_);
        node.next_retired = std::exchange(first_, &node);
        // RELAXED the mutex carries the list; this only saves the home thread from taking it.
        has_any_.store(true, std::memory_order_relaxed);
    }

    /// Home thread. May miss a node whose push() is not followed by its notify() yet.
    [[nodiscard]] bool empty() const noexcept {
        // RELAXED see push(); the accept of that notify() has made it visible.
        return !has_any_.load(std::memory_order_relaxed);
    }

    /// Home thread. All of them, the last one first; linked through `next_retired`.
    [[nodiscard]] Node* take() noexcept {
        if (empty()) {
            return nullptr;
        }
        const std::lock_guard lock(mutex_);
        // RELAXED see push().
        has_any_.store(false, std::memory_order_relaxed);
        return std::exchange(first_, nullptr);
    }

private:
    std::mutex mutex_;
    Node* first_ = nullptr;
    std::atomic<bool> has_any_{false};
};

}  // namespace nestling::loop
