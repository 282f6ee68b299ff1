// SPDX-License-Identifier: MIT
#include "model/explorer/explore.hpp"

#include <algorithm>

#include "model/explorer/engine.hpp"
#include "model/explorer/seen_states.hpp"
#include "model/explorer/trace.hpp"

namespace nestling::model {

namespace {

class Search {
public:
    Search(Scenario& scenario, const Options& options)
        : options_(options),
          engine_(scenario, choices_, options.pruning == Pruning::seen_states ? &seen_ : nullptr, options.steps) {}

    Result run() {
        const Bounds& bounds = options_.bounds;
        const bool endless = bounds.preemptions == unlimited || bounds.weak == unlimited;
        const auto last =
            static_cast<std::uint8_t>(endless ? unlimited : std::min(unlimited - 1, bounds.preemptions + bounds.weak));
        std::uint8_t total = options_.deepening == Deepening::yes ? 0 : last;
        while (search(total)) {
            if (!choices_.cut_by_total() || total == last) {
                result_.exhaustive = true;
                result_.unbounded = !choices_.cut_by_total() && !choices_.cut_by_kind();
                break;
            }
            ++total;
        }
        return std::move(result_);
    }

private:
    /// False: no need to look further.
    bool search(std::uint8_t total) {
        seen_.forget_all();
        choices_.restart(options_.bounds, total);
        do {
            if (result_.executions == options_.executions) {
                return false;
            }
            if (run_one() == Engine::Outcome::failed) {
                keep();
                shorten();
                return false;
            }
        } while (choices_.advance());
        return true;
    }

    Engine::Outcome run_one() {
        ++result_.executions;
        const Engine::Outcome outcome = engine_.run(nullptr);
        result_.steps += engine_.steps();
        return outcome;
    }

    void keep() {
        result_.failure = engine_.failure();
        result_.text = engine_.failure_text();
        result_.distance = choices_.spent();
        result_.exhaustive = true;
        choices_.rewind();
        Trace trace;
        engine_.run(&trace);
        result_.trace = trace.print();
        result_.trace_steps = engine_.steps();
    }

    /// Another failure of the same kind with fewer steps, at the same distance.
    void shorten() {
        if (result_.failure == Failure::livelock) {
            return;
        }
        for (std::uint64_t i = 0; i < options_.shortening; ++i) {
            engine_.limit_steps(static_cast<unsigned>(std::max<std::size_t>(result_.trace_steps, 1) - 1));
            if (!choices_.advance()) {
                return;
            }
            if (run_one() == Engine::Outcome::failed && engine_.failure() == result_.failure &&
                engine_.steps() < result_.trace_steps) {
                keep();
            }
        }
    }

    const Options options_;
    Choices choices_;
    static SeenStates seen_;
    Engine engine_;
    Result result_;
};

// One for all: it is big.
SeenStates Search::seen_;

}  // namespace

std::string Result::describe() const {
    std::string line = std::to_string(executions) + " executions, " + std::to_string(steps) + " steps: ";
    if (failure == Failure::none) {
        line += !exhaustive ? "stopped before the end" : unbounded ? "ok, all there are" : "ok within the bounds";
        return line;
    }
    line += std::string(name_of(failure)) + ": " + text + " (" + std::to_string(trace_steps) + " steps, distance " +
            std::to_string(distance) + ")";
    return line + "\n" + trace;
}

Result explore(Scenario& scenario, const Options& options) {
    return Search(scenario, options).run();
}

}  // namespace nestling::model
