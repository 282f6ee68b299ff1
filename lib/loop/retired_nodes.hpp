// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "loop/node_pool.hpp"
#include "loop/retired_list.hpp"

namespace nestling::loop {

/// Pooled nodes whose handles are gone, on their way to the home thread, which frees them. They are marked in their
/// slabs, and the slabs are listed: so a node needs no word for it, and removing a handle allocates nothing and cannot
/// fail.
template <class Node>
class RetiredNodes {
public:
    /// Any thread, lock-free. Whoever is not at home notifies the context afterwards.
    void push(Node& node) noexcept {
        const SlabList::Place place = NodePool<Node>::place_of(node);
        const std::uint64_t mark = std::uint64_t{1} << place.index;
        // Whoever makes the first mark lists the slab: until those are taken back it is listed, or about to be.
        if (place.slab.retired.fetch_or(mark) == 0) {
            slabs_.push(place.slab);
        }
    }

    /// Home thread. As RetiredList::empty().
    [[nodiscard]] bool empty() const noexcept { return slabs_.empty(); }

    /// Home thread. Calls `end(node)` for each of them, which may free it.
    template <class F>
    void take(F end) {
        for (Slab* slab = slabs_.take(); slab != nullptr;) {
            Slab& marked = *slab;
            // First, because the slab may be listed again as soon as the marks are gone, or freed.
            slab = marked.next_retired;
            for (std::uint64_t marks = marked.retired.exchange(0); marks != 0; marks &= marks - 1) {
                end(NodePool<Node>::node_at({marked, static_cast<std::size_t>(std::countr_zero(marks))}));
            }
        }
    }

private:
    RetiredList<Slab> slabs_;
};

}  // namespace nestling::loop
