// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>

namespace nestling::loop {

class ContextCore;
class SlabList;

/// What the slabs of one context share.
struct SlabOwner {
    explicit SlabOwner(ContextCore& context) noexcept : core(context) {}
    ContextCore& core;
    std::mutex mutex;
};

/// Where the places of a slab lie.
struct SlabShape {
    std::size_t place_size;
    std::size_t first_place;
    std::size_t alignment;

    /// Without what malloc keeps beside it, a page.
    static constexpr std::size_t most_bytes = 4096 - 16;
    /// Of the first slab: a context with few handles stays small.
    static constexpr std::size_t least_places = 4;

    /// One for each bit of a word.
    static constexpr std::size_t limit_of_places = 64;

    [[nodiscard]] constexpr std::size_t most_places() const noexcept {
        return std::min((most_bytes - first_place) / place_size, limit_of_places);
    }
};

/// The head of a block of memory with places for nodes of one kind.
class Slab {
public:
    Slab(SlabList& list, std::size_t places, std::size_t alignment) noexcept;
    Slab(const Slab&) = delete;
    Slab& operator=(const Slab&) = delete;

    [[nodiscard]] ContextCore& core() const noexcept;
    [[nodiscard]] SlabList& list() const noexcept { return list_; }
    [[nodiscard]] std::size_t places() const noexcept { return places_; }
    [[nodiscard]] bool is_full() const noexcept { return used_ == places_; }
    [[nodiscard]] bool is_empty() const noexcept { return used_ == 0; }
    [[nodiscard]] bool is_free(std::size_t place) const noexcept { return (free_ >> place & 1) != 0; }

    // RetiredNodes': a bit for each place, and the next slab that has such bits.
    std::atomic<std::uint64_t> retired{0};
    Slab* next_retired = nullptr;

    // TimerNode's, because there is no room in a timer.
    /// Home thread. A bit for each place whose timer has ended and waits for the requests.
    std::uint64_t ended = 0;
    /// Any thread. Changes of this slab's timers that other threads have asked for and that are not carried out yet.
    std::atomic<std::uint32_t> requests{0};

private:
    friend class SlabList;

    /// The first that is free; there is one.
    std::size_t take() noexcept;
    void give_back(std::size_t place) noexcept;

    std::uint8_t places_;
    std::uint8_t used_ = 0;
    std::uint8_t alignment_;
    SlabList& list_;
    Slab* next_ = nullptr;
    Slab* previous_ = nullptr;
    std::uint64_t free_;
};
// One cache line: nodes that fill cache lines begin behind it.
static_assert(sizeof(void*) != 8 || sizeof(Slab) == 64);

/// The slabs of one kind of node in one context. They grow with the number of nodes, and go when they are empty, but
/// for one. Any thread.
class SlabList {
public:
    struct Place {
        Slab& slab;
        std::size_t index;
    };

    explicit SlabList(SlabOwner& owner) noexcept : owner_(owner) {}
    SlabList(const SlabList&) = delete;
    SlabList& operator=(const SlabList&) = delete;
    ~SlabList();

    [[nodiscard]] ContextCore& core() const noexcept { return owner_.core; }

    /// May throw std::bad_alloc. O(1).
    [[nodiscard]] Place take(const SlabShape& shape);
    /// O(1).
    void give_back(Place place) noexcept;
    /// Calls `see(slab, index)` for each place that is taken, in no order.
    template <class F>
    void for_each(F see) const {
        const std::lock_guard lock(owner_.mutex);
        for (Slab* const head : {open_, full_}) {
            for (Slab* slab = head; slab != nullptr; slab = slab->next_) {
                for (std::size_t index = 0; index != slab->places(); ++index) {
                    if (!slab->is_free(index)) {
                        see(*slab, index);
                    }
                }
            }
        }
    }

private:
    [[nodiscard]] Slab& make_slab(const SlabShape& shape);
    static void free_slab(Slab* slab) noexcept;
    static void free_all(Slab* slab) noexcept;
    static void link(Slab*& head, Slab& slab) noexcept;
    static void unlink(Slab*& head, Slab& slab) noexcept;

    SlabOwner& owner_;
    /// With a free place, and a taken one.
    Slab* open_ = nullptr;
    Slab* full_ = nullptr;
    /// Empty: so that one handle that comes and goes asks for no memory.
    Slab* spare_ = nullptr;
    std::size_t used_ = 0;
};

inline ContextCore& Slab::core() const noexcept {
    return list_.core();
}

}  // namespace nestling::loop
