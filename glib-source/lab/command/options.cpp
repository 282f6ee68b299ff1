// SPDX-License-Identifier: MIT
#include "options.hpp"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <system_error>

namespace nestling::lab::command {

const char* const help_text =
    R"(Usage: nestling-lab check LIBRARY.so [OPTION]...
       nestling-lab run [--] PROGRAM [ARGUMENT]...

check asks 23 promises of each kind of GSource that a shared library exports
(nestling_lab_plugin() of <nestling-lab/plugin.h>), and prints the report.
  --subject NAME     only this kind of source; may be repeated
  --case N           only this case, after case 0; may be repeated
  --junit FILE       writes the report as JUnit XML too
  --html FILE        ... as a page
  --json FILE        ... as JSON
  --timeout SECONDS  for how long each case may take (10)
  --list             names the kinds of sources and the cases, and runs none
Each case runs in a process of its own: a source that crashes, hangs or ends
the process fails that case, and the report goes on.
Exit codes: 0 all passed, 1 something failed, 2 wrong usage, or the library
cannot be used.

run starts a program with the lab loaded in front of the C library, so that
labs in it have virtual time. It needs that where the lab comes late: in
interpreters. The exit code is the program's, or 2 if it cannot be started.

  --help             this text
  --version          the version
)";

namespace {

unsigned case_number(const std::string& text) {
    unsigned number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) {
        throw Complaint("--case cannot be \"" + text + "\": a number");
    }
    return number;
}

std::chrono::milliseconds seconds(const std::string& text) {
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    constexpr double most = 86'400;
    constexpr double least = 0.01;
    if (text.empty() || *end != '\0' || !std::isfinite(value) || value < least || value > most) {
        throw Complaint("--timeout cannot be \"" + text + "\": seconds, 0.01 to 86400");
    }
    return std::chrono::milliseconds(std::llround(value * 1000));
}

/// The arguments one by one, each split at its "=".
class Arguments {
public:
    explicit Arguments(const std::vector<std::string>& all) noexcept : all_(all) {}
    bool next() {
        if (at_ == all_.size()) {
            return false;
        }
        name_ = all_[at_++];
        const std::size_t equals = name_.rfind("--", 0) == 0 ? name_.find('=') : std::string::npos;
        has_value_ = equals != std::string::npos;
        value_ = has_value_ ? name_.substr(equals + 1) : "";
        name_.resize(has_value_ ? equals : name_.size());
        return true;
    }
    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] bool has_value() const noexcept { return has_value_; }
    std::string value() {
        if (has_value_) {
            return value_;
        }
        if (at_ == all_.size()) {
            throw Complaint(name_ + " needs a value");
        }
        return all_[at_++];
    }

private:
    const std::vector<std::string>& all_;
    std::size_t at_ = 0;
    std::string name_;
    std::string value_;
    bool has_value_ = false;
};

}  // namespace

CheckOptions parse_check(const std::vector<std::string>& arguments) {
    CheckOptions options;
    Arguments given(arguments);
    while (given.next()) {
        const std::string& name = given.name();
        if (name == "--subject") {
            options.subjects.push_back(given.value());
        } else if (name == "--case") {
            options.cases.push_back(case_number(given.value()));
        } else if (name == "--junit") {
            options.junit = given.value();
        } else if (name == "--html") {
            options.html = given.value();
        } else if (name == "--json") {
            options.json = given.value();
        } else if (name == "--timeout") {
            options.timeout = seconds(given.value());
        } else if (name == "--list" && !given.has_value()) {
            options.output = Output::list;
        } else if (name.rfind('-', 0) == 0) {
            throw Complaint("there is no option " + name + (given.has_value() ? "=..." : ""));
        } else if (!options.library.empty()) {
            throw Complaint("one library at a time, not \"" + name + "\" too");
        } else if (name.empty()) {
            throw Complaint("the library's name is empty");
        } else {
            options.library = name;
        }
    }
    if (options.library.empty()) {
        throw Complaint("which library?");
    }
    return options;
}

}  // namespace nestling::lab::command
