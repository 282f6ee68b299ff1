// SPDX-License-Identifier: MIT
#include "model/explorer/lifetimes.hpp"

#include "model/explorer/failure.hpp"

namespace nestling::model {

unsigned Lifetimes::add(unsigned thread, const void* address, std::size_t size, unsigned slot, Content content) {
    if (count_ == max_cells) {
        give_up("too many objects");
    }
    const Stamp now = memory_.now(thread).clock(thread);
    Cell& cell = cells_[count_];
    cell = {.address = reinterpret_cast<std::uintptr_t>(address),
            .size = size,
            .slot = slot,
            .filled = content == Content::value,
            .dead = false,
            .builder = thread,
            .built = now,
            .writer = thread,
            .written = now,
            .used = {}};
    cell.used[thread] = now;
    return count_++;
}

Lifetimes::Cell& Lifetimes::enter(unsigned thread, unsigned cell) {
    Cell& target = cells_[cell];
    if (target.dead) {
        fail(Failure::use_after_free, "an object is used after it was destroyed");
    }
    if (!knows(thread, target.builder, target.built)) {
        fail(Failure::unpublished, "an object is used by a thread that does not know it has been built");
    }
    target.used[thread] = memory_.now(thread).clock(thread);
    return target;
}

bool Lifetimes::knows_all_uses(unsigned thread, const Cell& cell) const noexcept {
    for (unsigned other = 0; other < max_threads; ++other) {
        if (!knows(thread, other, cell.used[other])) {
            return false;
        }
    }
    return true;
}

void Lifetimes::use(unsigned thread, unsigned cell) {
    enter(thread, cell);
}

void Lifetimes::plain_load(unsigned thread, unsigned cell) {
    const Cell& target = enter(thread, cell);
    if (!knows(thread, target.writer, target.written)) {
        fail(Failure::data_race, "a load does not know of a store to the same variable");
    }
    if (!target.filled) {
        fail(Failure::uninitialised, "a variable is read that nobody has written");
    }
}

void Lifetimes::plain_store(unsigned thread, unsigned cell) {
    Cell& target = enter(thread, cell);
    if (!knows_all_uses(thread, target)) {
        fail(Failure::data_race, "a store does not know of another access to the same variable");
    }
    target.filled = true;
    target.writer = thread;
    target.written = memory_.now(thread).clock(thread);
}

void Lifetimes::destroy(unsigned thread, const void* begin, std::size_t size) {
    const auto from = reinterpret_cast<std::uintptr_t>(begin);
    for (unsigned i = 0; i < count_; ++i) {
        Cell& cell = cells_[i];
        if (cell.dead || cell.address < from || cell.address >= from + size) {
            continue;
        }
        enter(thread, i);
        if (!knows_all_uses(thread, cell)) {
            fail(Failure::use_after_free, "an object is destroyed while a use of it does not happen before");
        }
        cell.dead = true;
    }
}

}  // namespace nestling::model
