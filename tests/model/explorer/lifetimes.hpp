// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>

#include "model/explorer/memory.hpp"

namespace nestling::model {

/// Every object of the model, atomic or not: who built it, who used it when, and whether it has been destroyed. Reports
/// what is not ordered by happens-before; the order in which the accesses were done does not matter, so that no choice
/// of the scheduler is spent on them.
class Lifetimes {
public:
    enum class Content : std::uint8_t { none, value };

    explicit Lifetimes(const Memory& memory) noexcept : memory_(memory) {}

    void reset() noexcept { count_ = 0; }

    /// `slot` is the number of the object among those of its kind.
    unsigned add(unsigned thread, const void* address, std::size_t size, unsigned slot, Content content);

    [[nodiscard]] unsigned slot(unsigned cell) const noexcept { return cells_[cell].slot; }

    /// A use that needs no order among the threads.
    void use(unsigned thread, unsigned cell);
    void plain_load(unsigned thread, unsigned cell);
    void plain_store(unsigned thread, unsigned cell);

    /// Everything built inside of [begin, begin + size).
    void destroy(unsigned thread, const void* begin, std::size_t size);

private:
    struct Cell {
        std::uintptr_t address;
        std::size_t size;
        unsigned slot;
        bool filled;
        bool dead;
        unsigned builder;
        Stamp built;
        unsigned writer;  // of a Plain, at first who built it
        Stamp written;
        std::array<Stamp, max_threads> used;  // by each thread, last
    };

    static constexpr unsigned max_cells = 128;

    Cell& enter(unsigned thread, unsigned cell);
    [[nodiscard]] bool knows(unsigned thread, unsigned other, Stamp when) const noexcept {
        return memory_.now(thread).clock(other) >= when;
    }
    [[nodiscard]] bool knows_all_uses(unsigned thread, const Cell& cell) const noexcept;

    const Memory& memory_;
    std::array<Cell, max_cells> cells_{};
    unsigned count_ = 0;
};

}  // namespace nestling::model
