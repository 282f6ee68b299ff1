// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include <nestling-lab/kit.hpp>

namespace nestling::lab::command {

/// Loads a library into this process, for good, and asks it for its sources. Throws Complaint.
std::vector<Subject> load_library(const std::string& path);

}  // namespace nestling::lab::command
