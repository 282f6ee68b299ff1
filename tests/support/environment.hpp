// SPDX-License-Identifier: MIT
#pragma once

#include <cstdlib>
#include <string>

namespace nestling::testing {

/// A null pointer: not set. Defined twice, for POSIX and for Windows.
void set_variable(const char* name, const char* value);

/// A variable of the environment, for as long as this lives. A null pointer: not set.
class Environment {
public:
    Environment(const char* name, const char* value) : name_(name) {
        if (const char* before = std::getenv(name)) {
            before_ = before;
            was_set_ = true;
        }
        set_variable(name_, value);
    }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;
    ~Environment() { set_variable(name_, was_set_ ? before_.c_str() : nullptr); }

private:
    const char* name_;
    std::string before_;
    bool was_set_ = false;
};

}  // namespace nestling::testing
