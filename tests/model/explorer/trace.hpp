// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "model/explorer/memory.hpp"

namespace nestling::model {

/// One line of a trace.
struct Step {
    static constexpr unsigned no_cell = ~0U;

    unsigned thread;
    unsigned cell;       // what is accessed, or no_cell
    const char* action;  // "load", "store", "cas", "fence", ...
    std::memory_order order;
    enum class Shows : std::uint8_t { nothing, order, read, written, change } shows;
    Access access;
};

/// What the execution that is being recorded did, with the names that the scenario gives to its objects.
class Trace {
public:
    void clear();

    void add(const Step& step) { steps_.push_back(step); }
    void name_thread(unsigned thread, std::string name);
    void name_range(const void* begin, std::size_t size, std::string name, std::vector<const char*> parts);
    void add_cell(unsigned cell, const void* address, const char* kind);

    [[nodiscard]] std::size_t size() const noexcept { return steps_.size(); }

    /// A column for each thread, at most `lines` lines: the middle is left out.
    [[nodiscard]] std::string print(std::size_t lines = 60) const;

private:
    struct Range {
        std::uintptr_t begin;
        std::size_t size;
        std::string name;
        std::vector<const char*> parts;
    };
    struct Cell {
        std::uintptr_t address;
        const char* kind;
    };

    [[nodiscard]] const Range* range_of(std::uintptr_t address) const noexcept;
    [[nodiscard]] std::string cell_name(unsigned cell) const;
    [[nodiscard]] std::string value(std::uint64_t value) const;
    [[nodiscard]] std::string text(const Step& step) const;

    std::vector<Step> steps_;
    std::vector<std::string> threads_;
    std::vector<Range> ranges_;
    std::vector<Cell> cells_;
};

}  // namespace nestling::model
