// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace nestling::lab::command {

// What runs in child processes, where the library is loaded. Each tells one message, whose first text is "ok", or
// "no" with a complaint.

/// Of each subject: its name, and its traits in words.
[[noreturn]] void tell_subjects(const std::string& library);
/// The outcome ("passed", "failed", "n/a"), the words and the trace of one case. `subject` counts from 0.
[[noreturn]] void tell_case(const std::string& library, std::size_t subject, unsigned number);

}  // namespace nestling::lab::command
