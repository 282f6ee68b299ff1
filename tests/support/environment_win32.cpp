// SPDX-License-Identifier: MIT
#include "support/environment.hpp"

namespace nestling::testing {

// What is empty is not set there.
void set_variable(const char* name, const char* value) {
    ::_putenv_s(name, value == nullptr ? "" : value);
}

}  // namespace nestling::testing
