// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace nestling::model {

inline constexpr std::uint8_t unlimited = 255;

/// How far executions may be from the plain one, in which threads run one after another and read what is newest.
struct Bounds {
    /// Switches away from a thread that could go on.
    std::uint8_t preemptions = 3;
    /// Reads of a message that is not the newest, stores that do not become the newest, compare-exchanges that fail
    /// without a reason.
    std::uint8_t weak = 2;
    /// Of `weak`: compare_exchange_weak that fails although it read what was expected.
    std::uint8_t spurious = 1;
};

inline constexpr Bounds no_bounds{unlimited, unlimited, 1};

/// Whether an execution is given up where it reaches a state that has been looked at before.
enum class Pruning : std::uint8_t { seen_states, none };

/// Executions are looked at in the order of their distance from the plain one, so that a counterexample has the
/// smallest distance; or in any order, which costs a part of the time where there is none.
enum class Deepening : std::uint8_t { yes, no };

struct Options {
    Bounds bounds;
    Pruning pruning = Pruning::seen_states;
    Deepening deepening = Deepening::yes;
    /// Steps of one execution. One that takes more is reported as a livelock.
    unsigned steps = 400;
    /// The search ends without a verdict after so many.
    std::uint64_t executions = 20'000'000;
    /// After a failure: so many more at the same distance, in search of one with fewer steps.
    std::uint64_t shortening = 20'000;
};

}  // namespace nestling::model
