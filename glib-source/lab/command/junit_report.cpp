// SPDX-License-Identifier: MIT
#include <algorithm>

#include "escape.hpp"
#include "reports.hpp"

namespace nestling::lab::command {

namespace {

std::string attribute(const char* name, const std::string& value) {
    std::string text = escape_markup(value);
    // An attribute's line ends would be read as spaces.
    for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at)) {
        text.replace(at, 1, "&#10;");
    }
    return std::string(" ") + name + "=\"" + text + "\"";
}

std::string number_attribute(const char* name, std::size_t value) {
    return attribute(name, std::to_string(value));
}

std::size_t broken_off(const SubjectReport& subject) {
    return static_cast<std::size_t>(std::count_if(subject.results.begin(), subject.results.end(),
                                                  [](const Checked& checked) { return checked.broke_off; }));
}

std::string numbers_of(const SubjectReport& subject) {
    return number_attribute("tests", subject.results.size()) +
           number_attribute("failures", subject.count(Outcome::failed) - broken_off(subject)) +
           number_attribute("errors", broken_off(subject)) +
           number_attribute("skipped", subject.count(Outcome::not_applicable));
}

std::string body_of(const Checked& checked) {
    const CaseResult& result = checked.result;
    if (result.outcome == Outcome::not_applicable) {
        return "<skipped" + attribute("message", result.words) + "/>";
    }
    const char* const element = checked.broke_off ? "error" : "failure";
    return std::string("<") + element + attribute("message", result.words) + ">" +
           escape_markup("It matters because " + std::string(result.promise.why) + ".\n" + result.trace) + "</" +
           element + ">";
}

std::string test_case(const std::string& subject, const Checked& checked) {
    const Case& promise = checked.result.promise;
    const std::string name = (promise.number < 10 ? "0" : "") + std::to_string(promise.number) + " " + promise.name;
    const std::string begin = "    <testcase" + attribute("classname", subject) + attribute("name", name);
    if (checked.result.outcome == Outcome::passed) {
        return begin + "/>\n";
    }
    return begin + ">" + body_of(checked) + "</testcase>\n";
}

}  // namespace

std::string junit_report(const Reports& reports, const std::string& library) {
    std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + attribute("name", library) + ">\n";
    for (const SubjectReport& subject : reports) {
        text += "  <testsuite" + attribute("name", subject.name) + numbers_of(subject) + ">\n";
        for (const Checked& checked : subject.results) {
            text += test_case(subject.name, checked);
        }
        text += "  </testsuite>\n";
    }
    return text + "</testsuites>\n";
}

}  // namespace nestling::lab::command
