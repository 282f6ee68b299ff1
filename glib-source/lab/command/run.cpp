// SPDX-License-Identifier: MIT
#include "run.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>

#include "options.hpp"

namespace nestling::lab::command {

namespace {

/// The file of the lab that this program has loaded.
std::string lab_file() {
    Dl_info info{};
    void* const of_the_lab = dlsym(RTLD_DEFAULT, "nestling_lab_delivered");
    if (of_the_lab == nullptr || dladdr(of_the_lab, &info) == 0 || info.dli_fname == nullptr) {
        throw Complaint("the lab's library is not found: is it linked statically?");
    }
    char* const whole = realpath(info.dli_fname, nullptr);
    if (whole == nullptr) {
        throw Complaint(std::string(info.dli_fname) + ": " + std::strerror(errno));
    }
    std::string file = whole;
    std::free(whole);
    if (file.find_first_of(": ") != std::string::npos) {
        throw Complaint(file + ": the loader preloads no file with a space or a colon in its path");
    }
    return file;
}

}  // namespace

void run_program(std::vector<std::string> arguments) {
    if (!arguments.empty() && arguments.front() == "--") {
        arguments.erase(arguments.begin());
    } else if (!arguments.empty() && arguments.front().rfind('-', 0) == 0) {
        throw Complaint("run has no option " + arguments.front());
    }
    if (arguments.empty()) {
        throw Complaint("which program?");
    }
    std::string preload = lab_file();
    if (const char* others = std::getenv("LD_PRELOAD"); others != nullptr && *others != '\0') {
        preload += std::string(":") + others;
    }
    setenv("LD_PRELOAD", preload.c_str(), 1);
    std::vector<char*> given;
    given.reserve(arguments.size() + 1);
    for (std::string& argument : arguments) {
        given.push_back(argument.data());
    }
    given.push_back(nullptr);
    execvp(given.front(), given.data());
    throw Complaint(arguments.front() + " cannot be started: " + std::strerror(errno));
}

}  // namespace nestling::lab::command
