// SPDX-License-Identifier: MIT
#pragma once

#include <set>
#include <string>
#include <vector>

#include "model/litmus_program.hpp"

namespace nestling::model {

/// All outcomes of a litmus program (no seq_cst accesses; seq_cst fences are) that the axioms allow: every candidate of
/// reads-from and modification order is tried. Shares nothing with the explorer, so that the two can be compared.
struct AxiomaticOutcomes {
    /// RC11: program order and reads-from have no circle, nor has the order that seq_cst fences ask for.
    std::set<std::string> rc11;
    /// RC11, and the two have no circle together either. A machine that does one step after another can do no more.
    std::set<std::string> in_steps;
};

AxiomaticOutcomes axiomatic_outcomes(const std::vector<std::vector<LitmusStatement>>& threads);

}  // namespace nestling::model
