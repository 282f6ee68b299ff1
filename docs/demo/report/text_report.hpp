// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "report/run_report.hpp"

namespace demo {

/// The groups, the most wasteful last, and below them the summary: what matters most stands where a terminal ends.
/// `other` is what the other mode of delivery measured, or null.
std::string text_report(const RunReport& report, const RunReport* other);

/// One line for a problem.
std::string problem_line(const Problem& problem);

/// "2 links and 1 fifo skipped"; empty when nothing was.
std::string skipped_text(const Skipped& skipped);

}  // namespace demo
