// SPDX-License-Identifier: MIT
#include "model/explorer/trace.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace nestling::model {

namespace {

const char* short_name(std::memory_order order) noexcept {
    switch (order) {
        case std::memory_order_relaxed:
            return "rlx";
        case std::memory_order_consume:
        case std::memory_order_acquire:
            return "acq";
        case std::memory_order_release:
            return "rel";
        case std::memory_order_acq_rel:
            return "acq_rel";
        case std::memory_order_seq_cst:
            return "sc";
    }
    return "?";
}

}  // namespace

void Trace::clear() {
    steps_.clear();
    threads_.clear();
    ranges_.clear();
    cells_.clear();
}

void Trace::name_thread(unsigned thread, std::string name) {
    threads_.resize(std::max<std::size_t>(threads_.size(), thread + 1));
    threads_[thread] = std::move(name);
}

void Trace::name_range(const void* begin, std::size_t size, std::string name, std::vector<const char*> parts) {
    ranges_.push_back({reinterpret_cast<std::uintptr_t>(begin), size, std::move(name), std::move(parts)});
}

void Trace::add_cell(unsigned cell, const void* address, const char* kind) {
    cells_.resize(std::max<std::size_t>(cells_.size(), cell + 1));
    cells_[cell] = {reinterpret_cast<std::uintptr_t>(address), kind};
}

const Trace::Range* Trace::range_of(std::uintptr_t address) const noexcept {
    const Range* best = nullptr;
    for (const Range& range : ranges_) {
        if (address - range.begin < range.size && (best == nullptr || range.size < best->size)) {
            best = &range;
        }
    }
    return best;
}

std::string Trace::cell_name(unsigned cell) const {
    const Range* range = range_of(cells_[cell].address);
    if (range == nullptr) {
        return cells_[cell].kind + std::to_string(cell);
    }
    // Its how manyth in the named object: in order of address, which is that of declaration.
    std::size_t index = 0;
    std::size_t count = 0;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
        if (range_of(cells_[i].address) == range) {
            ++count;
            index += cells_[i].address < cells_[cell].address ? 1 : 0;
        }
    }
    if (index < range->parts.size()) {
        return range->name + "." + range->parts[index];
    }
    return count == 1 ? range->name : range->name + "." + std::to_string(index);
}

std::string Trace::value(std::uint64_t value) const {
    constexpr std::uint64_t tags = 7;
    if (value <= 0xffff) {
        return std::to_string(value);
    }
    if (const Range* range = range_of(value & ~tags); range != nullptr) {
        const std::uint64_t offset = (value & ~tags) - range->begin;
        return "&" + range->name + (offset != 0 ? "+" + std::to_string(offset) : "") +
               ((value & tags) != 0 ? "|" + std::to_string(value & tags) : "");
    }
    char hex[24];
    std::snprintf(hex, sizeof hex, "0x%llx", static_cast<unsigned long long>(value));
    return hex;
}

std::string Trace::text(const Step& step) const {
    std::string line = step.cell == Step::no_cell ? "" : cell_name(step.cell) + " ";
    line += step.action;
    if (step.shows == Step::Shows::nothing) {
        return line;
    }
    if (step.shows == Step::Shows::order || cells_[step.cell].kind[0] == 'a') {
        line += std::string(".") + short_name(step.order);
    }
    if (step.shows == Step::Shows::read || step.shows == Step::Shows::change) {
        line += " " + value(step.access.read);
    }
    if (step.access.wrote) {
        line += " -> " + value(step.access.written);
    } else if (step.shows == Step::Shows::change) {
        line += step.access.spurious ? " fails for no reason" : " fails";
    }
    if (step.access.newer != 0) {
        line += " (stale, " + std::to_string(step.access.newer) + " newer)";
    } else if (step.access.later != 0) {
        line += " (before " + std::to_string(step.access.later) + " in modification order)";
    }
    return line;
}

std::string Trace::print(std::size_t lines) const {
    constexpr std::size_t widest = 46;
    std::vector<std::size_t> widths(threads_.size());
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < threads_.size(); ++i) {
        widths[i] = i == 0 ? 0 : threads_[i].size();
    }
    for (const Step& step : steps_) {
        texts.push_back(text(step));
        widths[step.thread] = std::max(widths[step.thread], std::min(widest, texts.back().size()));
    }
    // Thread 0 has a column only if it did anything.
    const auto row = [&](std::string start, std::size_t thread, const std::string& content) {
        for (std::size_t i = 0; i < thread; ++i) {
            start += widths[i] == 0 ? "" : std::string(widths[i] + 2, ' ');
        }
        return start + content;
    };
    std::string out = "   #  ";
    for (std::size_t i = 0; i < threads_.size(); ++i) {
        if (widths[i] != 0) {
            out += threads_[i] + std::string(widths[i] + 2 - std::min(widths[i] + 2, threads_[i].size()), ' ');
        }
    }
    out.erase(out.find_last_not_of(' ') + 1);
    out += "\n";
    const std::size_t body = lines > 4 ? lines - 2 : 2;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
        if (steps_.size() > body && i == body / 2) {
            const std::size_t left_out = steps_.size() - body;
            out += "      ... " + std::to_string(left_out) + " steps ...\n";
            i += left_out;
        }
        char number[24];
        std::snprintf(number, sizeof number, "%4zu  ", i + 1);
        out += row(number, steps_[i].thread, texts[i]) + "\n";
    }
    return out;
}

}  // namespace nestling::model
