// SPDX-License-Identifier: MIT
#include "loop/slab_list.hpp"

#include <algorithm>
#include <bit>
#include <new>
#include <utility>

#include "os/poison.hpp"

namespace nestling::loop {

Slab::Slab(SlabList& list, std::size_t places, std::size_t alignment) noexcept
    : places_(static_cast<std::uint8_t>(places)),
      alignment_(static_cast<std::uint8_t>(alignment)),
      list_(list),
      free_(~std::uint64_t{0} >> (SlabShape::limit_of_places - places)) {}

std::size_t Slab::take() noexcept {
    const auto place = static_cast<std::size_t>(std::countr_zero(free_));
    free_ &= free_ - 1;
    ++used_;
    return place;
}

void Slab::give_back(std::size_t place) noexcept {
    free_ |= std::uint64_t{1} << place;
    --used_;
}

SlabList::~SlabList() {
    free_all(open_);
    free_all(full_);
    free_all(spare_);
}

void SlabList::free_all(Slab* slab) noexcept {
    while (slab != nullptr) {
        free_slab(std::exchange(slab, slab->next_));
    }
}

SlabList::Place SlabList::take(const SlabShape& shape) {
    const std::lock_guard lock(owner_.mutex);
    if (open_ == nullptr) {
        link(open_, spare_ == nullptr ? make_slab(shape) : *std::exchange(spare_, nullptr));
    }
    Slab& slab = *open_;
    const std::size_t index = slab.take();
    if (slab.is_full()) {
        unlink(open_, slab);
        link(full_, slab);
    }
    ++used_;
    return {slab, index};
}

void SlabList::give_back(Place place) noexcept {
    Slab& slab = place.slab;
    const std::lock_guard lock(owner_.mutex);
    if (slab.is_full()) {
        unlink(full_, slab);
        link(open_, slab);
    }
    slab.give_back(place.index);
    --used_;
    if (slab.is_empty()) {
        unlink(open_, slab);
        free_slab(std::exchange(spare_, &slab));
    }
}

Slab& SlabList::make_slab(const SlabShape& shape) {
    // As many as there are, so that little is unused whatever their number.
    const std::size_t places = std::clamp(used_, SlabShape::least_places, shape.most_places());
    const std::size_t bytes = shape.first_place + places * shape.place_size;
    void* memory = ::operator new(bytes, std::align_val_t(shape.alignment));
    os::poison(static_cast<std::byte*>(memory) + shape.first_place, places * shape.place_size);
    return *::new (memory) Slab(*this, places, shape.alignment);
}

void SlabList::free_slab(Slab* slab) noexcept {
    if (slab != nullptr) {
        ::operator delete(slab, std::align_val_t(slab->alignment_));
    }
}

void SlabList::link(Slab*& head, Slab& slab) noexcept {
    slab.previous_ = nullptr;
    slab.next_ = head;
    if (head != nullptr) {
        head->previous_ = &slab;
    }
    head = &slab;
}

void SlabList::unlink(Slab*& head, Slab& slab) noexcept {
    (slab.previous_ == nullptr ? head : slab.previous_->next_) = slab.next_;
    if (slab.next_ != nullptr) {
        slab.next_->previous_ = slab.previous_;
    }
    slab.next_ = nullptr;
}

}  // namespace nestling::loop
