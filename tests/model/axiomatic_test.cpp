// SPDX-License-Identifier: MIT
// The explorer, which does one step after another, against the axioms of RC11, on programs made at random: the same
// outcomes, neither more nor fewer.
#include "model/axiomatic.hpp"

#include <cstdint>

#include "model/explorer/explore.hpp"
#include "support/testing.hpp"

namespace {

using namespace nestling::model;

/// The same numbers everywhere.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}
    unsigned roll(unsigned sides) {
        state_ = state_ * 6364136223846793005U + 1442695040888963407U;
        return static_cast<unsigned>(state_ >> 33U) % sides;
    }

private:
    std::uint64_t state_;
};

using Code = std::vector<std::vector<LitmusStatement>>;

using Kind = LitmusStatement::Kind;

template <std::size_t Size>
std::memory_order pick(Dice& dice, const std::array<std::memory_order, Size>& orders) {
    return orders[dice.roll(Size)];
}

LitmusStatement access(Dice& dice, std::size_t& registers, int& value) {
    constexpr std::array stores{std::memory_order_relaxed, std::memory_order_release};
    constexpr std::array loads{std::memory_order_relaxed, std::memory_order_acquire};
    constexpr std::array both{std::memory_order_relaxed, std::memory_order_acquire, std::memory_order_release,
                              std::memory_order_acq_rel};
    const std::size_t variable = 1 + dice.roll(2);
    const unsigned kind = registers < 8 ? dice.roll(8) : 0;
    if (kind < 3) {
        return {Kind::store, variable, 0, value++, pick(dice, stores)};
    }
    if (kind < 6) {
        return {Kind::load, variable, registers++, 0, pick(dice, loads)};
    }
    // More than all stores, so that a sum says what was added.
    return {Kind::fetch_add, variable, registers++, 10, pick(dice, both)};
}

enum class Fences : std::uint8_t { none, some };

Code make_code(Dice& dice, Fences fences) {
    constexpr std::array kinds{std::memory_order_seq_cst, std::memory_order_seq_cst, std::memory_order_seq_cst,
                               std::memory_order_acquire, std::memory_order_release};
    Code code(2 + dice.roll(2));
    std::size_t registers = 0;
    int value = 1;
    for (auto& thread : code) {
        const unsigned length = code.size() == 2 ? 2 + dice.roll(3) : 1 + dice.roll(3);
        for (unsigned i = 0; i < length; ++i) {
            if (i != 0 && fences == Fences::some && dice.roll(2) == 0) {
                thread.push_back({Kind::fence, 0, 0, 0, pick(dice, kinds)});
            }
            thread.push_back(access(dice, registers, value));
        }
    }
    return code;
}

std::string describe(const Code& code) {
    constexpr std::array<const char*, 6> orders{"rlx", "con", "acq", "rel", "ar", "sc"};
    std::string text;
    for (const auto& thread : code) {
        for (const LitmusStatement& step : thread) {
            const std::string order = orders[static_cast<std::size_t>(step.order)];
            const std::string variable(1, "wxyz"[step.variable]);
            const std::string target(1, "abcdefgh"[step.target]);
            const std::string value = std::to_string(step.value);
            text += step.kind == Kind::store   ? variable + "." + order + "=" + value
                    : step.kind == Kind::load  ? target + "=" + variable + "." + order
                    : step.kind == Kind::fence ? "fence." + order
                                               : target + "=" + variable + "." + order + "+" + value;
            text += "; ";
        }
        text += "|| ";
    }
    return text;
}

std::set<std::string> explored_outcomes(const Code& code) {
    std::set<std::string> outcomes;
    Program<LitmusState> program;
    for (const auto& thread : code) {
        program.thread("", [&](LitmusState& state) { state.run(thread); });
    }
    program.at_end([&](LitmusState& state) { outcomes.insert(state.outcome()); });
    Options options;
    options.bounds = no_bounds;
    options.deepening = Deepening::no;
    REQUIRE(explore(program, options).unbounded);
    return outcomes;
}

}  // namespace

TEST_CASE("The explorer has exactly the outcomes of RC11, on programs without seq_cst fences") {
    Dice dice(1);
    std::size_t outcomes = 0;
    for (int i = 0; i < 1000; ++i) {
        const Code code = make_code(dice, Fences::none);
        const AxiomaticOutcomes axioms = axiomatic_outcomes(code);
        INFO(describe(code));
        REQUIRE(explored_outcomes(code) == axioms.rc11);
        outcomes += axioms.rc11.size();
    }
    CHECK(outcomes > 3000);
}

TEST_CASE("With seq_cst fences it has those of RC11 in which no fence comes before its own past") {
    Dice dice(2);
    std::size_t outcomes = 0;
    for (int i = 0; i < 1000; ++i) {
        const Code code = make_code(dice, Fences::some);
        const AxiomaticOutcomes axioms = axiomatic_outcomes(code);
        INFO(describe(code));
        REQUIRE(explored_outcomes(code) == axioms.in_steps);
        outcomes += axioms.in_steps.size();
    }
    CHECK(outcomes > 3000);
}
