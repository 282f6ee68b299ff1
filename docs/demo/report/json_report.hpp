// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "report/run_report.hpp"

namespace demo {

/// One JSON object. Times are nanoseconds, sizes bytes; paths are escaped as the help text says.
/// `other` is what the other mode of delivery measured, or null.
std::string json_report(const RunReport& report, const RunReport* other);

}  // namespace demo
