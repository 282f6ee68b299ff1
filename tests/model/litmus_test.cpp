// SPDX-License-Identifier: MIT
// The explorer against shapes whose verdict under the C++20 memory model is known. What must be allowed matters as much
// as what must not: a checker that forbids too much proves nothing.
#include <cstdio>
#include <set>

#include "model/litmus_program.hpp"
#include "support/testing.hpp"

namespace {

using namespace nestling::model;

enum class Verdict {
    allowed,
    forbidden,
    beyond_rc11,  ///< C++20 allows it, RC11 does not, and neither does the explorer
    beyond_us,    ///< C++20 and RC11 allow it, and the explorer does not
};
using enum Verdict;

struct Shape {
    const char* name;
    std::vector<const char*> threads;
    const char* outcome;
    /// With relaxed accesses; release and acquire; relaxed with seq_cst fences; seq_cst.
    std::array<Verdict, 4> verdicts;
};

struct Variant {
    const char* name;
    LitmusOrders orders;
};

constexpr std::array<Variant, 4> variants{{
    {"relaxed", {std::memory_order_relaxed, std::memory_order_relaxed, {}}},
    {"release, acquire", {std::memory_order_release, std::memory_order_acquire, {}}},
    {"seq_cst fences", {std::memory_order_relaxed, std::memory_order_relaxed, std::memory_order_seq_cst}},
    {"seq_cst accesses", {std::memory_order_seq_cst, std::memory_order_seq_cst, {}}},
}};

const std::vector<Shape> shapes{
    {"SB", {"x.W=1; F; a=y.R", "y.W=1; F; b=x.R"}, "a=0 b=0", {allowed, allowed, forbidden, forbidden}},
    {"MP", {"x.W=1; F; y.W=1", "a=y.R; F; b=x.R"}, "a=1 b=0", {allowed, forbidden, forbidden, forbidden}},
    {"LB", {"a=x.R; F; y.W=1", "b=y.R; F; x.W=1"}, "a=1 b=1", {beyond_rc11, forbidden, forbidden, forbidden}},
    {"R", {"x.W=1; F; y.W=1", "y.W=2; F; a=x.R"}, "y=2 a=0", {allowed, allowed, forbidden, forbidden}},
    {"S", {"x.W=2; F; y.W=1", "a=y.R; F; x.W=1"}, "a=1 x=2", {allowed, forbidden, forbidden, forbidden}},
    {"2+2W", {"x.W=1; F; y.W=2", "y.W=1; F; x.W=2"}, "x=1 y=1", {allowed, allowed, forbidden, forbidden}},
    {"IRIW",
     {"x.W=1", "y.W=1", "a=x.R; F; b=y.R", "c=y.R; F; d=x.R"},
     "a=1 b=0 c=1 d=0",
     {allowed, allowed, forbidden, forbidden}},
    {"WRC", {"x.W=1", "a=x.R; F; y.W=1", "b=y.R; F; c=x.R"}, "a=1 b=1 c=0", {allowed, forbidden, forbidden, forbidden}},
    {"RWC", {"x.W=1", "a=x.R; F; b=y.R", "y.W=1; F; c=x.R"}, "a=1 b=0 c=0", {allowed, allowed, forbidden, forbidden}},
    {"ISA2",
     {"x.W=1; F; y.W=1", "a=y.R; F; z.W=1", "b=z.R; F; c=x.R"},
     "a=1 b=1 c=0",
     {allowed, forbidden, forbidden, forbidden}},
    {"W+RWC",
     {"x.W=1; F; y.W=1", "a=y.R; F; b=z.R", "z.W=1; F; c=x.R"},
     "a=1 b=0 c=0",
     {allowed, allowed, forbidden, forbidden}},
    {"CoRR", {"x.W=1", "a=x.R; F; b=x.R"}, "a=1 b=0", {forbidden, forbidden, forbidden, forbidden}},
    {"CoRR2",
     {"x.W=1", "x.W=2", "a=x.R; F; b=x.R", "c=x.R; F; d=x.R"},
     "a=1 b=2 c=2 d=1",
     {forbidden, forbidden, forbidden, forbidden}},
    {"CoWW", {"x.W=1; F; x.W=2"}, "x=1", {forbidden, forbidden, forbidden, forbidden}},
    {"CoWR", {"x.W=1; F; a=x.R", "x.W=2"}, "a=2 x=1", {forbidden, forbidden, forbidden, forbidden}},
    {"CoRW", {"a=x.R; F; x.W=1", "x.W=2"}, "a=2 x=2", {forbidden, forbidden, forbidden, forbidden}},
    {"CoRW1", {"a=x.R; F; x.W=1"}, "a=1", {forbidden, forbidden, forbidden, forbidden}},
};

/// Shapes in which the places of the orders differ.
struct Written {
    const char* name;
    std::vector<const char*> threads;
    const char* outcome;
    Verdict verdict;
};

const std::vector<Written> written{
    {"SB, and a second store", {"x.rlx=1; a=y.rlx; x.rlx=2", "y.rlx=1; b=x.rlx; y.rlx=2"}, "a=1 b=2", allowed},
    {"SB, one fence", {"x.rlx=1; fence.sc; a=y.rlx", "y.rlx=1; b=x.rlx"}, "a=0 b=0", allowed},
    {"SB, fences acq_rel", {"x.rlx=1; fence.ar; a=y.rlx", "y.rlx=1; fence.ar; b=x.rlx"}, "a=0 b=0", allowed},
    {"SB, stores by RMW acq_rel", {"c=x.ar+1; a=y.rlx", "d=y.ar+1; b=x.rlx"}, "a=0 b=0", allowed},
    {"SB, stores by RMW seq_cst", {"c=x.sc+1; a=y.rlx", "d=y.sc+1; b=x.rlx"}, "a=0 b=0", allowed},
    {"SB, RMW and load seq_cst", {"c=x.sc+1; a=y.sc", "d=y.sc+1; b=x.sc"}, "a=0 b=0", forbidden},
    {"SB, loads by RMW relaxed", {"x.rlx=1; a=y.rlx+0", "y.rlx=1; b=x.rlx+0"}, "a=0 b=0", allowed},
    {"SB, loads by RMW acq_rel, stores release", {"x.rel=1; a=y.ar+0", "y.rel=1; b=x.ar+0"}, "a=0 b=0", allowed},
    {"SB, one side by RMW seq_cst", {"x.rlx=1; fence.sc; a=y.rlx", "d=y.sc+1; b=x.rlx"}, "a=0 b=0", allowed},
    {"SB, unrelated seq_cst store", {"x.rlx=1; z.sc=1; a=y.rlx", "y.rlx=1; z.sc=1; b=x.rlx"}, "a=0 b=0", beyond_us},

    {"MP, fence to fence", {"x.rlx=1; fence.rel; y.rlx=1", "a=y.rlx; fence.acq; b=x.rlx"}, "a=1 b=0", forbidden},
    {"MP, fence to load", {"x.rlx=1; fence.rel; y.rlx=1", "a=y.acq; b=x.rlx"}, "a=1 b=0", forbidden},
    {"MP, store to fence", {"x.rlx=1; y.rel=1", "a=y.rlx; fence.acq; b=x.rlx"}, "a=1 b=0", forbidden},
    {"MP, fence acq_rel to acq_rel",
     {"x.rlx=1; fence.ar; y.rlx=1", "a=y.rlx; fence.ar; b=x.rlx"},
     "a=1 b=0",
     forbidden},
    {"MP, fences the wrong way", {"x.rlx=1; fence.acq; y.rlx=1", "a=y.rlx; fence.rel; b=x.rlx"}, "a=1 b=0", allowed},
    {"MP, no acquire", {"x.rlx=1; y.rel=1", "a=y.rlx; b=x.rlx"}, "a=1 b=0", allowed},
    {"MP, no release", {"x.rlx=1; y.rlx=1", "a=y.acq; b=x.rlx"}, "a=1 b=0", allowed},
    {"MP, fence before the data", {"fence.rel; x.rlx=1; y.rlx=1", "a=y.acq; b=x.rlx"}, "a=1 b=0", allowed},
    {"MP, fence before the load", {"x.rlx=1; y.rel=1", "fence.acq; a=y.rlx; b=x.rlx"}, "a=1 b=0", allowed},

    {"R, release store against a fence", {"x.rlx=1; y.rel=1", "y.rlx=2; fence.sc; a=x.rlx"}, "y=2 a=0", allowed},
    {"R, release fence against a fence",
     {"x.rlx=1; fence.rel; y.rlx=1", "y.rlx=2; fence.sc; a=x.rlx"},
     "y=2 a=0",
     allowed},
    {"R, all stores of y by RMW", {"x.rlx=1; c=y.ar+1", "d=y.ar+2; a=x.rlx"}, "d=1 a=0", forbidden},
    {"2+2W, one fence", {"x.rlx=1; fence.sc; y.rlx=2", "y.rlx=1; x.rlx=2"}, "x=1 y=1", allowed},
    {"IRIW, one fence",
     {"x.rlx=1", "y.rlx=1", "a=x.rlx; fence.sc; b=y.rlx", "c=y.acq; d=x.acq"},
     "a=1 b=0 c=1 d=0",
     allowed},

    {"release sequence through RMW relaxed",
     {"x.rlx=1; y.rel=1", "b=y.rlx+1", "c=y.acq; d=x.rlx"},
     "b=1 c=2 d=0",
     forbidden},
    {"release sequence through two RMW",
     {"x.rlx=1; y.rel=1", "b=y.rlx+1", "e=y.rlx+1", "c=y.acq; d=x.rlx"},
     "c=3 d=0",
     forbidden},
    {"release sequence from a fence",
     {"x.rlx=1; fence.rel; y.rlx=1", "b=y.rlx+1", "c=y.acq; d=x.rlx"},
     "b=1 c=2 d=0",
     forbidden},
    {"no release sequence: RMW read before",
     {"x.rlx=1; y.rel=2", "b=y.rlx+1", "c=y.acq; d=x.rlx"},
     "b=0 c=1 d=0",
     allowed},
    {"no release sequence: store of another",
     {"x.rlx=1; y.rel=1", "b=y.rlx; y.rlx=2", "c=y.acq; d=x.rlx"},
     "b=1 c=2 d=0",
     allowed},
    {"no release sequence: own store (C++11 had it)",
     {"x.rlx=1; y.rel=1; y.rlx=2", "c=y.acq; d=x.rlx"},
     "c=2 d=0",
     allowed},

    {"two fetch_add read the same", {"a=x.rlx+1", "b=x.rlx+1"}, "a=0 b=0", forbidden},
    {"two fetch_add lose one", {"a=x.rlx+1", "b=x.rlx+1"}, "x=1", forbidden},
    {"three fetch_add lose one", {"a=x.rlx+1", "b=x.rlx+1", "c=x.rlx+1"}, "x=2", forbidden},
    {"a store overwrites a fetch_add", {"a=x.rlx+1", "x.rlx=5"}, "a=0 x=5", allowed},
    {"a store between fetch_add and what it read",
     {"a=x.rlx+1; b=x.rlx", "x.rlx=5; c=x.rlx"},
     "a=0 b=5 c=1",
     forbidden},
    {"a fetch_add of what is not the newest", {"x.rlx=1; a=y.rlx", "y.rlx=1; b=x.rlx+2"}, "a=0 b=0 x=1", allowed},
    {"fetch_add of a chain read twice", {"x.rlx=5; a=x.rlx+1", "b=x.rlx+1"}, "a=5 b=5", forbidden},

    {"seq_cst fences and a relayed load",
     {"a=z.rlx; fence.sc; b=x.rlx", "x.rlx=1; fence.sc; y.rlx=1", "c=y.rlx; z.rlx=1"},
     "a=1 b=0 c=1",
     beyond_us},
};

const char* word(bool seen) {
    return seen ? "allowed" : "forbidden";
}

const char* remark(Verdict verdict) {
    return verdict == beyond_rc11 ? "  known: no load buffering, RC11 forbids it too"
           : verdict == beyond_us ? "  known: the explorer is stronger than C++20"
                                  : "";
}

Options options_for(const Bounds& bounds, Pruning pruning) {
    Options options;
    options.bounds = bounds;
    options.pruning = pruning;
    options.deepening = Deepening::no;
    return options;
}

struct Row {
    std::string name;
    std::vector<const char*> threads;
    const char* outcome;
    LitmusOrders orders;
    const char* variant;
    Verdict verdict;
};

std::vector<Row> rows() {
    std::vector<Row> all;
    for (const Shape& shape : shapes) {
        for (std::size_t i = 0; i < variants.size(); ++i) {
            all.push_back(
                {shape.name, shape.threads, shape.outcome, variants[i].orders, variants[i].name, shape.verdicts[i]});
        }
    }
    for (const Written& shape : written) {
        all.push_back({shape.name, shape.threads, shape.outcome, variants[0].orders, "as written", shape.verdict});
    }
    return all;
}

struct Outcomes {
    std::set<std::string> all;
    bool seen = false;
    Result result;
};

Outcomes outcomes_of(const Row& row, const Bounds& bounds, Pruning pruning) {
    Outcomes outcomes;
    Program<LitmusState> program;
    for (const char* thread : row.threads) {
        program.thread(thread, [code = parse_litmus(thread, row.orders)](LitmusState& state) { state.run(code); });
    }
    program.at_end([&](LitmusState& state) {
        outcomes.all.insert(state.outcome());
        outcomes.seen = outcomes.seen || state.matches(row.outcome);
    });
    outcomes.result = explore(program, options_for(bounds, pruning));
    return outcomes;
}

}  // namespace

TEST_CASE("Every litmus shape has the verdict of C++20, or a known other one") {
    std::printf("LITMUS BEGIN\n%-46s %-17s %-10s %-10s %9s %9s\n", "shape", "orders", "C++20", "explorer", "outcomes",
                "runs");
    for (const Row& row : rows()) {
        const Outcomes outcomes = outcomes_of(row, no_bounds, Pruning::seen_states);
        std::printf("%-46s %-17s %-10s %-10s %9zu %9llu%s\n", row.name.c_str(), row.variant,
                    word(row.verdict != forbidden), word(outcomes.seen), outcomes.all.size(),
                    static_cast<unsigned long long>(outcomes.result.executions), remark(row.verdict));
        CAPTURE(row.name, row.variant, row.outcome);
        CHECK(outcomes.result.unbounded);
        CHECK(outcomes.seen == (row.verdict == allowed));
    }
    std::printf("LITMUS END\n");
}

TEST_CASE("Giving up at known states loses no outcome of any litmus shape, whatever the bounds") {
    constexpr std::array<Bounds, 5> all_bounds{{no_bounds, {1, 0, 0}, {2, 0, 0}, {0, 2, 0}, {1, 1, 0}}};
    for (const Row& row : rows()) {
        for (const Bounds& bounds : all_bounds) {
            const Outcomes pruned = outcomes_of(row, bounds, Pruning::seen_states);
            const Outcomes full = outcomes_of(row, bounds, Pruning::none);
            CAPTURE(row.name, row.variant, int{bounds.preemptions}, int{bounds.weak});
            CHECK(full.result.exhaustive);
            CHECK(pruned.all == full.all);
            CHECK(pruned.result.executions <= full.result.executions);
        }
    }
}
