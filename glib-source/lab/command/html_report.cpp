// SPDX-License-Identifier: MIT
#include "escape.hpp"
#include "reports.hpp"

namespace nestling::lab::command {

namespace {

constexpr const char* style = R"(
:root { color-scheme: light dark; --line: #8886; --pass: #1a7f37; --fail: #cf222e; --none: #6e7781; }
@media (prefers-color-scheme: dark) { :root { --pass: #4ac26b; --fail: #ff7b72; --none: #9198a1; } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 75em; margin: 2em auto; padding: 0 1em; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border: 1px solid var(--line); padding: .15em .45em; text-align: center; }
th[scope=row] { text-align: left; white-space: nowrap; }
td a { text-decoration: none; }
.pass { color: var(--pass); } .fail { color: var(--fail); font-weight: bold; } .none { color: var(--none); }
pre { border: 1px solid var(--line); padding: .6em; overflow-x: auto; font-size: 13px; line-height: 1.35; }
article { border-top: 1px solid var(--line); margin-top: 1em; }
)";

struct Look {
    const char* css;
    const char* sign;
    const char* word;
};

Look look_of(const Checked& checked) {
    switch (checked.result.outcome) {
        case Outcome::passed:
            return {"pass", "&#10003;", "passed"};
        case Outcome::failed:
            return {"fail", checked.broke_off ? "!" : "&#10007;", checked.broke_off ? "broke off" : "failed"};
        case Outcome::not_applicable:
            break;
    }
    return {"none", "&#8211;", "not applicable"};
}

/// Where the details of a case are.
std::string anchor(std::size_t subject, unsigned number) {
    return "s" + std::to_string(subject + 1) + "c" + std::to_string(number);
}

std::string title_of(const Case& promise) {
    return escape_markup(std::to_string(promise.number) + " " + promise.name);
}

std::string cell(const Checked& checked, std::size_t subject) {
    const Look look = look_of(checked);
    const std::string title = title_of(checked.result.promise) + ": " + look.word;
    return "<td class=\"" + std::string(look.css) + "\" title=\"" + title + "\"><a class=\"" + look.css +
           "\" href=\"#" + anchor(subject, checked.result.promise.number) + "\">" + look.sign + "</a></td>";
}

/// The result of a case in a report; null if it was not tried.
const Checked* find(const SubjectReport& subject, unsigned number) {
    for (const Checked& checked : subject.results) {
        if (checked.result.promise.number == number) {
            return &checked;
        }
    }
    return nullptr;
}

std::string table(const Reports& reports) {
    std::string text = "<table>\n<thead><tr><th scope=\"col\">source</th><th scope=\"col\">0</th>";
    for (const Case& promise : cases()) {
        text += "<th scope=\"col\" title=\"" + title_of(promise) + "\">" + std::to_string(promise.number) + "</th>";
    }
    text += "</tr></thead>\n<tbody>\n";
    for (std::size_t at = 0; at != reports.size(); ++at) {
        text += "<tr><th scope=\"row\">" + escape_markup(reports[at].name) + "</th>";
        for (unsigned number = 0; number <= cases().size(); ++number) {
            const Checked* checked = find(reports[at], number);
            text += checked != nullptr ? cell(*checked, at) : "<td title=\"not tried\"></td>";
        }
        text += "</tr>\n";
    }
    return text + "</tbody>\n</table>\n";
}

std::string details(const Checked& checked, std::size_t subject) {
    const CaseResult& result = checked.result;
    const Look look = look_of(checked);
    std::string text = "<details id=\"" + anchor(subject, result.promise.number) + "\"" +
                       (result.outcome == Outcome::failed ? " open" : "") + "><summary><span class=\"" + look.css +
                       "\">" + look.word + "</span> " + title_of(result.promise);
    text += result.words.empty() ? "" : ": " + escape_markup(result.words);
    text += "</summary>\n<p>It matters because " + escape_markup(result.promise.why) + ".</p>\n";
    if (!result.trace.empty()) {
        text += "<pre>" + escape_markup(result.trace) + "</pre>\n";
    }
    return text + "</details>\n";
}

}  // namespace

std::string html_report(const Reports& reports, const std::string& library) {
    const std::string title = "Source Lab: " + escape_markup(library);
    std::string text =
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
        "content=\"width=device-width\">\n<title>" +
        title + "</title>\n<style>" + style + "</style>\n</head>\n<body>\n<h1>" + title + "</h1>\n" + table(reports) +
        "<p><span class=\"pass\">&#10003;</span> passed, <span class=\"fail\">&#10007;</span> failed, <span "
        "class=\"fail\">!</span> broke off (crashed, hung or ended the process), <span "
        "class=\"none\">&#8211;</span> not applicable, empty: not tried</p>\n";
    for (std::size_t at = 0; at != reports.size(); ++at) {
        text += "<article>\n<h2>" + escape_markup(reports[at].name) + "</h2>\n";
        for (const Checked& checked : reports[at].results) {
            text += details(checked, at);
        }
        text += "</article>\n";
    }
    return text + "</body>\n</html>\n";
}

}  // namespace nestling::lab::command
