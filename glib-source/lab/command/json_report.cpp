// SPDX-License-Identifier: MIT
#include "escape.hpp"
#include "reports.hpp"

namespace nestling::lab::command {

namespace {

const char* outcome_word(const Checked& checked) {
    if (checked.broke_off) {
        return "broke off";
    }
    return checked.result.outcome == Outcome::passed   ? "passed"
           : checked.result.outcome == Outcome::failed ? "failed"
                                                       : "not applicable";
}

std::string result_object(const Checked& checked) {
    const CaseResult& result = checked.result;
    return "{\"case\": " + std::to_string(result.promise.number) + ", \"name\": " + json_string(result.promise.name) +
           ", \"outcome\": " + json_string(outcome_word(checked)) + ", \"words\": " + json_string(result.words) +
           ", \"why\": " + json_string(result.promise.why) + ", \"trace\": " + json_string(result.trace) + "}";
}

}  // namespace

std::string json_report(const Reports& reports, const std::string& library) {
    std::string text = "{\"library\": " + json_string(library) + ", \"sources\": [";
    for (const SubjectReport& subject : reports) {
        text += (&subject == &reports.front() ? "\n" : ",\n") + std::string("  {\"name\": ") +
                json_string(subject.name) + ", \"results\": [";
        for (const Checked& checked : subject.results) {
            text += (&checked == &subject.results.front() ? "\n    " : ",\n    ") + result_object(checked);
        }
        text += "\n  ]}";
    }
    return text + "\n]}\n";
}

}  // namespace nestling::lab::command
