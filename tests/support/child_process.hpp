// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>

namespace nestling::testing {

/// How a child process ended, and what it wrote to stderr.
struct ChildEnd {
    int signal;     ///< the signal that ended it, or 0
    int exit_code;  ///< what it exited with, or -1
    std::string errors;

    [[nodiscard]] bool says(const std::string& text) const { return errors.find(text) != std::string::npos; }
};

/// Forks, runs `body` in the child, and waits for its end. A child whose body returns exits with what it returned.
/// Fork only while this is the only thread: a sanitizer that watches threads refuses otherwise. Where there is no fork,
/// the child is the program begun anew: a body may not depend on what only its parent has. On the test's thread.
ChildEnd run_in_child(const std::function<int()>& body);

}  // namespace nestling::testing
