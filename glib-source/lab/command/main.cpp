// SPDX-License-Identifier: MIT
#include <cstdio>
#include <exception>
#include <fstream>

#include "check.hpp"
#include "inside.hpp"
#include "options.hpp"
#include "reports.hpp"
#include "run.hpp"

namespace {

using namespace nestling::lab;
using namespace nestling::lab::command;

void print(const std::string& text) {
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
        throw Complaint("the report cannot be written");
    }
}

void write_file(const std::string& path, const std::string& text) {
    if (path.empty()) {
        return;
    }
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << text;
    file.close();
    if (!file) {
        throw Complaint(path + " cannot be written");
    }
}

void list(const CheckOptions& options) {
    std::string text = "Sources:\n";
    for (const SubjectInfo& subject : subjects_of(options)) {
        text += "  " + subject.name + (subject.traits.empty() ? "" : " (" + subject.traits + ")") + "\n";
    }
    text += "Cases:\n";
    for (const Case& promise : cases()) {
        text += (promise.number < 10 ? "   " : "  ") + std::to_string(promise.number) + " " + promise.name + ": " +
                promise.why + "\n";
    }
    print(text);
}

int check_library(const std::vector<std::string>& arguments) {
    const CheckOptions options = parse_check(arguments);
    if (options.output == Output::list) {
        list(options);
        return 0;
    }
    const Reports reports = check(options);
    print(text_report(reports));
    write_file(options.junit, junit_report(reports, options.library));
    write_file(options.html, html_report(reports, options.library));
    write_file(options.json, json_report(reports, options.library));
    for (const SubjectReport& subject : reports) {
        if (subject.count(Outcome::failed) != 0) {
            return 1;
        }
    }
    return 0;
}

int answer(std::vector<std::string> arguments) {
    if (arguments.empty()) {
        throw Complaint("what? check, or run");
    }
    const std::string word = arguments.front();
    arguments.erase(arguments.begin());
    if (word == "check") {
        return check_library(arguments);
    }
    if (word == "run") {
        run_program(arguments);
    }
    if (word == "--help" || word == "-h") {
        print(help_text);
        return 0;
    }
    if (word == "--version") {
        print("nestling-lab " NESTLING_LAB_VERSION "\n");
        return 0;
    }
    // What this program says to itself.
    if (word == "inside-list" && arguments.size() == 1) {
        tell_subjects(arguments[0]);
    }
    if (word == "inside-case" && arguments.size() == 3) {
        tell_case(arguments[0], std::stoul(arguments[1]), static_cast<unsigned>(std::stoul(arguments[2])));
    }
    throw Complaint("\"" + word + "\" is none of check, run, --help, --version");
}

}  // namespace

int main(int count, char** arguments) {
    try {
        return answer({arguments + 1, arguments + count});
    } catch (const Complaint& complaint) {
        std::fprintf(stderr, "nestling-lab: %s\nSee nestling-lab --help.\n", complaint.what());
    } catch (const std::exception& error) {
        std::fprintf(stderr, "nestling-lab: %s\n", error.what());
    }
    return 2;
}
