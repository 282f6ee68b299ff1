// SPDX-License-Identifier: MIT
#pragma once

namespace nestling::sync {

/// A link of the pending list. Its address has its two lowest bits free for the tags of the wake word.
template <class Atomics>
struct alignas(8) PendingNode {
    typename Atomics::template Plain<PendingNode*> next;
};

/// Home thread. Turns a list in order of last published first into order of publication. O(n).
template <class Atomics>
PendingNode<Atomics>* in_order_of_publication(PendingNode<Atomics>* newest) noexcept {
    PendingNode<Atomics>* oldest = nullptr;
    while (newest != nullptr) {
        PendingNode<Atomics>* earlier = newest->next.load();
        newest->next.store(oldest);
        oldest = newest;
        newest = earlier;
    }
    return oldest;
}

/// Home thread. A queue of nodes that have been taken and not yet run.
template <class Atomics>
class TakenQueue {
public:
    using Node = PendingNode<Atomics>;

    [[nodiscard]] bool empty() const noexcept { return head_ == nullptr; }
    [[nodiscard]] Node* first() const noexcept { return head_; }

    void push(Node* node) noexcept {
        node->next.store(nullptr);
        if (head_ == nullptr) {
            head_ = node;
        } else {
            tail_->next.store(node);
        }
        tail_ = node;
    }

    void push_front(Node* node) noexcept {
        node->next.store(head_);
        if (head_ == nullptr) {
            tail_ = node;
        }
        head_ = node;
    }

    Node* pop() noexcept {
        Node* node = head_;
        if (node != nullptr) {
            head_ = node->next.load();
        }
        return node;
    }

    /// Puts all of `other` in front, and leaves that empty. O(1).
    void prepend(TakenQueue& other) noexcept {
        if (other.head_ == nullptr) {
            return;
        }
        other.tail_->next.store(head_);
        if (head_ == nullptr) {
            tail_ = other.tail_;
        }
        head_ = other.head_;
        other.head_ = nullptr;
    }

    /// Puts all of `other` behind, and leaves that empty. O(1).
    void append(TakenQueue& other) noexcept {
        other.prepend(*this);
        *this = other;
        other.head_ = nullptr;
    }

private:
    Node* head_ = nullptr;
    Node* tail_ = nullptr;
};

}  // namespace nestling::sync
