// SPDX-License-Identifier: MIT
#include "bench/goals_report.hpp"

#include <ostream>

#include "bench/numbers.hpp"

namespace bench {

namespace {

/// The fastest of those that were measured; empty if none was.
std::string best_of(const std::vector<std::string>& peers, const Measure& measure, const Results& results) {
    std::string best;
    double least = 0;
    for (const std::string& peer : peers) {
        const auto value = results.quartiles(measure, peer);
        if (value && (best.empty() || value->median < least)) {
            best = peer;
            least = value->median;
        }
    }
    return best;
}

std::string verdict_of(const Goal& goal, double value) {
    if (value <= goal.goal) {
        return "met";
    }
    return value <= goal.floor ? "floor held" : "missed";
}

}  // namespace

Judgement judge(const Goal& goal, const Results& results) {
    if (goal.measure.empty()) {
        return {{}, {}, "not measured: " + goal.against_text};
    }
    const Measure& measure = *find_measure(goal.measure);
    const auto own = results.quartiles(measure, goal.peer);
    if (!own) {
        return {{}, {}, "not measured"};
    }
    if (goal.against.empty()) {
        return {own->median, {}, verdict_of(goal, own->median)};
    }
    const Measure& other = goal.against_measure.empty() ? measure : *find_measure(goal.against_measure);
    const std::string best = best_of(goal.against, other, results);
    const Outcome ratio = best.empty() ? Outcome() : results.ratio({measure.id, goal.peer}, {other.id, best});
    if (!ratio) {
        return {{}, {}, "not measured: nothing to compare with"};
    }
    return {ratio, best, verdict_of(goal, *ratio)};
}

void print_goals(std::ostream& out, const Results& results, const Options& options) {
    out << "\n## Goals\n\n";
    if (options.quick) {
        out << "Measured with --quick, so this only shows that it can be judged.\n\n";
    }
    out << "| measure | against | floor | goal | measured | |\n|---|---|--:|--:|--:|---|\n";
    int met = 0;
    int held = 0;
    int missed = 0;
    int unknown = 0;
    for (const Goal& goal : goals()) {
        if (goal.measure.empty() ? !options.only.empty() : !options.wants_measure(goal.measure)) {
            continue;
        }
        const Judgement judgement = judge(goal, results);
        ++(judgement.verdict == "met"          ? met
           : judgement.verdict == "floor held" ? held
           : judgement.verdict == "missed"     ? missed
                                               : unknown);
        const bool named = goal.against.size() > 1 && !judgement.against.empty();
        out << "| " << goal.text << " | " << goal.against_text << (named ? ": " + judgement.against : "") << " | "
            << short_number(goal.floor) << " | " << short_number(goal.goal) << " | "
            << (judgement.value ? short_number(*judgement.value) : "–") << " | " << judgement.verdict << " |\n";
    }
    out << "\n"
        << met << " met, " << held << " with the floor held, " << missed << " missed, " << unknown
        << " not measured.\n";
}

}  // namespace bench
