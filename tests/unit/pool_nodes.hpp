// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/context.hpp>

#include "loop/context_core.hpp"
#include "loop/node_pool.hpp"

namespace nestling::testing {

/// Counts itself.
struct PlainNode : loop::PooledNode {
    PlainNode(int& living, int number) noexcept : alive(&living), value(number) { ++*alive; }
    ~PlainNode() { --*alive; }
    int* alive;
    int value;
    void* ballast[4] = {};
};

/// A pool of a context.
template <class Node>
struct PoolOf {
    Context context;
    loop::SlabOwner owner{context.core()};
    loop::NodePool<Node> pool{owner};
};

}  // namespace nestling::testing
