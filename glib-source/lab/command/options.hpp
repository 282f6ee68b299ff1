// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace nestling::lab::command {

/// What the caller can do something about: said in a line, with exit code 2.
class Complaint : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

enum class Output : std::uint8_t { report, list };

/// Of `nestling-lab check`.
struct CheckOptions {
    std::string library;
    std::vector<std::string> subjects;
    std::vector<unsigned> cases;
    std::string junit;
    std::string html;
    std::string json;
    std::chrono::milliseconds timeout{10'000};
    Output output = Output::report;
};

/// Throws Complaint.
CheckOptions parse_check(const std::vector<std::string>& arguments);

extern const char* const help_text;

}  // namespace nestling::lab::command
