// SPDX-License-Identifier: MIT
#include "reports.hpp"

namespace nestling::lab::command {

std::string text_report(const Reports& reports) {
    std::string text;
    std::size_t passed = 0;
    std::size_t failed = 0;
    std::size_t left_out = 0;
    for (const SubjectReport& subject : reports) {
        Report report;
        report.subject = subject.name;
        for (const Checked& checked : subject.results) {
            report.results.push_back(checked.result);
        }
        text += report.text();
        if (subject.results.size() == 1 && subject.count(Outcome::failed) == 1) {
            text += "  The other cases were not tried.\n";
        }
        text += "\n";
        passed += subject.count(Outcome::passed);
        failed += subject.count(Outcome::failed);
        left_out += subject.count(Outcome::not_applicable);
    }
    return text + std::to_string(reports.size()) + (reports.size() == 1 ? " source: " : " sources: ") +
           std::to_string(passed) + " passed, " + std::to_string(failed) + " failed, " + std::to_string(left_out) +
           " not applicable\n";
}

}  // namespace nestling::lab::command
