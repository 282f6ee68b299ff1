// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "async/io_node.hpp"

namespace nestling::async {

/// Nodes that are free. What was allocated once is used again.
class IoPool {
public:
    explicit IoPool(IoCore& core) noexcept : core_(core) {}
    IoPool(const IoPool&) = delete;
    IoPool& operator=(const IoPool&) = delete;
    ~IoPool() { free_all(free_); }

    /// Throws std::bad_alloc.
    [[nodiscard]] IoNode& take() {
        IoNode* node = free_.pop_front();
        return node != nullptr ? *node : make(core_);
    }
    /// The last one comes first: it is still in the cache.
    void give(IoNode& node) noexcept {
        node.reset();
        free_.push_front(node);
    }
    [[nodiscard]] IoNode* take_free() noexcept { return free_.pop_front(); }

    [[nodiscard]] static IoNode& make(IoCore& core) { return *std::make_unique<IoNode>(core).release(); }
    static void free_all(IoList& list) noexcept {
        while (IoNode* node = list.pop_front()) {
            const std::unique_ptr<IoNode> owned(node);
        }
    }

private:
    IoCore& core_;
    IoList free_;
};

}  // namespace nestling::async
