// SPDX-License-Identifier: MIT
#include "check.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "child.hpp"

namespace nestling::lab::command {

namespace {

/// Case 0 is not in cases().
Case case_of(unsigned number) {
    if (number == 0) {
        return {0, "answers its stimulus",
                "nothing else can be said of a source that the kit cannot make or stimulate"};
    }
    return cases().at(number - 1);
}

Outcome outcome_of(const std::string& word) {
    if (word == "passed") {
        return Outcome::passed;
    }
    return word == "n/a" ? Outcome::not_applicable : Outcome::failed;
}

Checked check_one(const CheckOptions& options, std::size_t subject, unsigned number) {
    const Ending ending =
        run_child({"inside-case", options.library, std::to_string(subject), std::to_string(number)}, options.timeout);
    Checked checked;
    checked.result.promise = case_of(number);
    if (!ending.told) {
        checked.broke_off = true;
        checked.result.outcome = Outcome::failed;
        checked.result.words = ending.how;
        return checked;
    }
    const Message& told = *ending.told;
    constexpr std::size_t whole = 4;
    if (told.size() == whole) {
        checked.result.outcome = outcome_of(told[1]);
        checked.result.words = told[2];
        checked.result.trace = told[3];
    } else {
        checked.result.outcome = Outcome::failed;
        checked.result.words = "an exception came out of it: " + told.back();
    }
    return checked;
}

/// Case 0 and those chosen, in order.
std::vector<unsigned> chosen_cases(const CheckOptions& options) {
    std::vector<unsigned> numbers(cases().size() + 1);
    std::iota(numbers.begin(), numbers.end(), 0U);
    for (const unsigned wanted : options.cases) {
        if (wanted >= numbers.size()) {
            throw Complaint("there is no case " + std::to_string(wanted) + "; the last is " +
                            std::to_string(numbers.back()));
        }
    }
    if (!options.cases.empty()) {
        const auto is_wanted = [&](unsigned number) {
            return number == 0 || std::find(options.cases.begin(), options.cases.end(), number) != options.cases.end();
        };
        numbers.erase(
            std::remove_if(numbers.begin(), numbers.end(), [&](unsigned number) { return !is_wanted(number); }),
            numbers.end());
    }
    return numbers;
}

std::vector<std::size_t> chosen_subjects(const CheckOptions& options, const std::vector<SubjectInfo>& all) {
    for (const std::string& wanted : options.subjects) {
        if (std::none_of(all.begin(), all.end(), [&](const SubjectInfo& info) { return info.name == wanted; })) {
            std::string names;
            for (const SubjectInfo& info : all) {
                names += names.empty() ? "\"" : ", \"";
                names += info.name;
                names += '"';
            }
            std::string words = "there is no source \"" + wanted + "\" in ";
            words.append(options.library).append("; there is ").append(names);
            throw Complaint(words);
        }
    }
    std::vector<std::size_t> numbers;
    for (std::size_t at = 0; at != all.size(); ++at) {
        const auto& wanted = options.subjects;
        if (wanted.empty() || std::find(wanted.begin(), wanted.end(), all[at].name) != wanted.end()) {
            numbers.push_back(at);
        }
    }
    return numbers;
}

}  // namespace

std::size_t SubjectReport::count(Outcome outcome) const noexcept {
    return static_cast<std::size_t>(std::count_if(results.begin(), results.end(), [outcome](const Checked& checked) {
        return checked.result.outcome == outcome;
    }));
}

std::vector<SubjectInfo> subjects_of(const CheckOptions& options) {
    const Ending ending = run_child({"inside-list", options.library}, options.timeout);
    if (!ending.told) {
        throw Complaint(options.library + ": while it was loaded and asked for its sources, " + ending.how);
    }
    const Message& told = *ending.told;
    if (told[0] != "ok") {
        throw Complaint(told[1]);
    }
    std::vector<SubjectInfo> subjects;
    for (std::size_t at = 1; at + 1 < told.size(); at += 2) {
        subjects.push_back({told[at], told[at + 1]});
    }
    return subjects;
}

Reports check(const CheckOptions& options) {
    const std::vector<unsigned> numbers = chosen_cases(options);
    const std::vector<SubjectInfo> all = subjects_of(options);
    Reports reports;
    for (const std::size_t subject : chosen_subjects(options, all)) {
        SubjectReport report{all[subject].name, {}};
        for (const unsigned number : numbers) {
            report.results.push_back(check_one(options, subject, number));
            if (number == 0 && report.results.back().result.outcome == Outcome::failed) {
                break;
            }
        }
        reports.push_back(std::move(report));
    }
    return reports;
}

}  // namespace nestling::lab::command
