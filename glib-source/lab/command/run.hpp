// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace nestling::lab::command {

/// Becomes the program that `arguments` name, with the lab in front of the C library. Returns only by throwing
/// Complaint.
[[noreturn]] void run_program(std::vector<std::string> arguments);

}  // namespace nestling::lab::command
