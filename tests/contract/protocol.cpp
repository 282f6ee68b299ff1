// SPDX-License-Identifier: MIT
#include "protocol.hpp"

#include <string_view>

namespace nestling::testing {

const char* const wake_protocol = NESTLING_TEST_PROTOCOL;

bool writes_once_per_sleep() {
    return std::string_view(wake_protocol) == "oneword";
}

}  // namespace nestling::testing
