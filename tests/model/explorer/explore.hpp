// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "model/explorer/bookkeeping.hpp"
#include "model/explorer/bounds.hpp"
#include "model/explorer/event.hpp"
#include "model/explorer/failure.hpp"
#include "model/explorer/model_atomics.hpp"
#include "model/explorer/scenario.hpp"

namespace nestling::model {

struct Result {
    Failure failure = Failure::none;
    std::string text;   ///< of what failed
    std::string trace;  ///< in columns
    std::size_t trace_steps = 0;
    unsigned distance = 0;         ///< preemptions and weak choices of the trace
    std::uint64_t executions = 0;  ///< begun; most end where a state is reached that is known
    std::uint64_t steps = 0;
    bool exhaustive = false;  ///< everything within the bounds was looked at, or a failure was found
    bool unbounded = false;   ///< and the bounds left nothing out

    [[nodiscard]] bool ok() const noexcept { return failure == Failure::none && exhaustive; }
    /// One line, and the trace if there is one.
    [[nodiscard]] std::string describe() const;
};

/// Runs every execution of `scenario` that the bounds allow, until one fails.
///
///     struct State {                                    // built anew for each execution
///         WakeOneword<ModelAtomics> wake;
///         Event event;
///         PendingNode<ModelAtomics> node;
///         State() { name(wake, "word"); }
///     };
///     Program<State> program;
///     program.thread("loop", [](State& s) { if (s.wake.announce(Sleeper::native)) s.event.wait(); ... });
///     program.thread("producer", [](State& s) { s.wake.publish(s.node, s.event); });
///     program.at_end([](State& s) { assert_that(s.event.writes() <= 1, "one write"); });
///     Result result = explore(program, {.bounds = {3, 2, 1}});
///
/// What an execution does may depend on nothing but what its threads read from objects of the model. Not modelled: a
/// store that takes effect before an earlier load of its thread (load buffering, and what it does among three threads
/// with seq_cst fences); seq_cst accesses weaker than a seq_cst fence before an acquire or release access; memory_order
/// consume weaker than acquire; two objects that overlap; time. A thread that comes back to Event::wait() or yield()
/// without a step of the others in between lets them go first, and reads nothing older than what there was then.
Result explore(Scenario& scenario, const Options& options);

}  // namespace nestling::model
