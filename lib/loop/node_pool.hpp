// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include "loop/pooled_node.hpp"
#include "loop/slab_list.hpp"
#include "os/poison.hpp"

namespace nestling::loop {

/// The nodes of one kind of handle in one context, side by side in slabs. Any thread.
template <class Node>
class NodePool {
public:
    explicit NodePool(SlabOwner& owner) noexcept : slabs_(owner) {}

    struct Destroy {
        void operator()(Node* node) const noexcept { destroy(*node); }
    };
    using Owner = std::unique_ptr<Node, Destroy>;

    /// May throw std::bad_alloc.
    template <class... Args>
    [[nodiscard]] Owner make(Args&&... args) {
        static_assert(std::is_nothrow_constructible_v<Node, Args...>);
        const SlabList::Place place = slabs_.take(shape);
        void* const memory = at(place.slab, place.index);
        os::unpoison(memory, sizeof(Node));
        Node* node = ::new (memory) Node(std::forward<Args>(args)...);
        node->enter(place.slab);
        return Owner(node);
    }

    static void destroy(Node& node) noexcept {
        const SlabList::Place place = place_of(node);
        node.~Node();
        os::poison(&node, sizeof(Node));
        place.slab.list().give_back(place);
    }

    /// In a slab.
    static constexpr std::size_t most_places() noexcept { return shape.most_places(); }
    static SlabList::Place place_of(Node& node) noexcept {
        Slab& slab = node.slab();
        return {slab, static_cast<std::size_t>(reinterpret_cast<std::byte*>(&node) - first(slab)) / sizeof(Node)};
    }
    static Node& node_at(SlabList::Place place) noexcept {
        return *std::launder(static_cast<Node*>(at(place.slab, place.index)));
    }

    /// Calls `see(node)` for each node that has a handle, in no order. No other thread may make or change one.
    template <class F>
    void for_each_handle(F see) const {
        slabs_.for_each([&see](Slab& slab, std::size_t index) {
            const Node& node = node_at({slab, index});
            if (node.has_handle()) {
                see(node);
            }
        });
    }

private:
    static constexpr std::size_t first_place = (sizeof(Slab) + alignof(Node) - 1) / alignof(Node) * alignof(Node);
    static constexpr SlabShape shape{sizeof(Node), first_place,
                                     std::max({alignof(Slab), alignof(Node), alignof(std::max_align_t)})};

    static std::byte* first(Slab& slab) noexcept { return reinterpret_cast<std::byte*>(&slab) + first_place; }
    static void* at(Slab& slab, std::size_t index) noexcept { return first(slab) + index * sizeof(Node); }

    SlabList slabs_;
};

}  // namespace nestling::loop
