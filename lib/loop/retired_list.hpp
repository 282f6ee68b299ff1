// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>

namespace nestling::loop {

/// Nodes whose handles are gone, on their way to the home thread, which frees them. Linked through
/// `Node::next_retired`, so that removing a handle allocates nothing and cannot fail.
template <class Node>
class RetiredList {
public:
    /// Any thread, lock-free. Whoever is not at home notifies the context afterwards.
    void push(Node& node) noexcept {
        Node* first = first_.load();
        do {
            node.next_retired = first;
        } while (!first_.compare_exchange_weak(first, &node));
    }

    /// Home thread. May miss a node whose push() is not followed by its notify() yet.
    [[nodiscard]] bool empty() const noexcept {
        // RELAXED a hint; take() goes through an exchange, and the accept of that notify() has made the node visible.
        return first_.load(std::memory_order_relaxed) == nullptr;
    }

    /// Home thread. All of them, the last one first; linked through `next_retired`.
    [[nodiscard]] Node* take() noexcept { return empty() ? nullptr : first_.exchange(nullptr); }

private:
    std::atomic<Node*> first_{nullptr};
};

}  // namespace nestling::loop
