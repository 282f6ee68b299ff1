// SPDX-License-Identifier: MIT
#pragma once

#include <iosfwd>
#include <string>

#include "bench/goals.hpp"
#include "bench/options.hpp"
#include "bench/results.hpp"

namespace bench {

/// How a goal stands.
struct Judgement {
    Outcome value;        ///< the ratio, or the value itself
    std::string against;  ///< the peer that it was compared with, if any
    std::string verdict;  ///< "met", "floor held", "missed", or why it is unknown
};

Judgement judge(const Goal& goal, const Results& results);
void print_goals(std::ostream& out, const Results& results, const Options& options);

}  // namespace bench
