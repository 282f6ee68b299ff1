// SPDX-License-Identifier: MIT
#pragma once

#include "model/explorer/explore.hpp"

namespace nestling::model {

template <class T>
using Atomic = ModelAtomics::Atomic<T>;
template <class T>
using Plain = ModelAtomics::Plain<T>;

constexpr std::memory_order relaxed = std::memory_order_relaxed;
constexpr std::memory_order acquire = std::memory_order_acquire;
constexpr std::memory_order release = std::memory_order_release;

inline Options everything() {
    Options options;
    options.bounds = no_bounds;
    return options;
}

/// One that hands data over by a flag, with orders that may be too weak.
struct Handover {
    Plain<int> data;
    Atomic<bool> ready{false};

    Handover() {
        name(data, "data");
        name(ready, "ready");
    }
    void give(std::memory_order order) {
        data.store(42);
        ready.store(true, order);
    }
    void take(std::memory_order order) {
        if (ready.load(order)) {
            assert_that(data.load() == 42, "data is what was given");
        }
    }
};

inline Result hand_over(std::memory_order give, std::memory_order take) {
    Program<Handover> program;
    program.thread("giver", [=](Handover& state) { state.give(give); });
    program.thread("taker", [=](Handover& state) { state.take(take); });
    return explore(program, everything());
}

}  // namespace nestling::model
