// SPDX-License-Identifier: MIT
#include "loop/timer_holds.hpp"

#include <bit>
#include <utility>

#include "loop/context_core.hpp"

namespace nestling::loop {

void TimerHolds::begin(TimerNode& node) noexcept {
    // RELAXED the post that follows carries it to the home thread, and only that one acts on it.
    NodePool<TimerNode>::place_of(node).slab.requests.fetch_add(1, std::memory_order_relaxed);
}

void TimerHolds::end(TimerNode& node) noexcept {
    Slab& slab = NodePool<TimerNode>::place_of(node).slab;
    const bool is_home = slab.core().is_home();
    // RELAXED requests of other threads are made before the handle goes, and its removal carries them home.
    if (slab.requests.fetch_sub(1, std::memory_order_relaxed) == 1 && is_home) {
        free_ended(slab);
    }
}

void TimerHolds::release(TimerNode& node) noexcept {
    const SlabList::Place place = NodePool<TimerNode>::place_of(node);
    place.slab.ended |= std::uint64_t{1} << place.index;
    // RELAXED as end().
    if (place.slab.requests.load(std::memory_order_relaxed) == 0) {
        free_ended(place.slab);
    }
}

void TimerHolds::free_ended(Slab& slab) noexcept {
    // The last one may take the slab with it.
    for (std::uint64_t marks = std::exchange(slab.ended, 0); marks != 0; marks &= marks - 1) {
        NodePool<TimerNode>::destroy(
            NodePool<TimerNode>::node_at({slab, static_cast<std::size_t>(std::countr_zero(marks))}));
    }
}

}  // namespace nestling::loop
