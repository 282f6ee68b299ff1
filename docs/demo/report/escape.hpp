// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace demo {

/// Valid UTF-8, on one line, from any bytes; reversible. See the help text for the rule.
std::string escape_path(std::string_view bytes);

}  // namespace demo
