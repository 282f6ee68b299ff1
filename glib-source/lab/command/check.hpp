// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include <nestling-lab/kit.hpp>

#include "options.hpp"

namespace nestling::lab::command {

struct SubjectInfo {
    std::string name;
    std::string traits;
};

/// One case of one subject. A case that broke off has failed: the source crashed, hung, or ended the process.
struct Checked {
    CaseResult result;
    bool broke_off = false;
};

/// A report as far as it goes: a subject that fails case 0 is asked no more.
struct SubjectReport {
    std::string name;
    std::vector<Checked> results;
    [[nodiscard]] std::size_t count(Outcome outcome) const noexcept;
};
using Reports = std::vector<SubjectReport>;

/// What the library exports, asked in a child process. Throws Complaint.
std::vector<SubjectInfo> subjects_of(const CheckOptions& options);
/// Runs the cases, each in a child process. Throws Complaint.
Reports check(const CheckOptions& options);

}  // namespace nestling::lab::command
