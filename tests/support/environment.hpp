// SPDX-License-Identifier: MIT
#pragma once

#include <cstdlib>
#include <string>

namespace nestling::testing {

/// A variable of the environment, for as long as this lives. A null pointer: not set.
class Environment {
public:
    Environment(const char* name, const char* value) : name_(name) {
        if (const char* before = std::getenv(name)) {
            before_ = before;
            was_set_ = true;
        }
        set(value);
    }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;
    ~Environment() { set(was_set_ ? before_.c_str() : nullptr); }

private:
    void set(const char* value) const {
        if (value == nullptr) {
            ::unsetenv(name_);
        } else {
            ::setenv(name_, value, 1);
        }
    }

    const char* name_;
    std::string before_;
    bool was_set_ = false;
};

}  // namespace nestling::testing
