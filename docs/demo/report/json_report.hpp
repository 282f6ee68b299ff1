// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "report/run_report.hpp"

namespace demo {

/// One JSON object. Times are nanoseconds, sizes bytes; paths are escaped as the help text says.
std::string json_report(const RunReport& report);

}  // namespace demo
