// SPDX-License-Identifier: MIT
#include "support/environment.hpp"

namespace nestling::testing {

void set_variable(const char* name, const char* value) {
    if (value == nullptr) {
        ::unsetenv(name);
    } else {
        ::setenv(name, value, 1);
    }
}

}  // namespace nestling::testing
