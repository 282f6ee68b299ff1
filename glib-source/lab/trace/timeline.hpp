// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>

namespace nestling::lab {

class LabCore;

/// The last steps, for a person to read.
std::string timeline(LabCore& core, std::size_t last);
/// The sources and the steps kept, as JSON.
std::string trace_json(LabCore& core);

}  // namespace nestling::lab
