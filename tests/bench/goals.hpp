// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace bench {

/// One line of the goals: a measure of one of our peers, divided by the best of `against`, must not be more than that.
struct Goal {
    std::string text;
    std::string measure;  ///< empty: nothing measures it yet, and `against_text` says why
    std::string peer;
    std::string against_text;
    std::vector<std::string> against;  ///< peers; empty: the value itself counts
    double floor;
    double goal;
    std::string against_measure = {};  ///< if it is not the same
};

const std::vector<Goal>& goals();

}  // namespace bench
