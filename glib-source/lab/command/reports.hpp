// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "check.hpp"

namespace nestling::lab::command {

/// For the terminal: a line for each case, why it matters and the trace of those that failed, and a sum.
std::string text_report(const Reports& reports);
/// A <testsuite> for each source, as CI systems read it. A case that broke off is an <error>.
std::string junit_report(const Reports& reports, const std::string& library);
/// One page without scripts or other files.
std::string html_report(const Reports& reports, const std::string& library);
std::string json_report(const Reports& reports, const std::string& library);

}  // namespace nestling::lab::command
