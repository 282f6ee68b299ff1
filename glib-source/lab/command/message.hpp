// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace nestling::lab::command {

/// What a child process tells its parent: texts of any bytes.
using Message = std::vector<std::string>;

std::string encode(const Message& message);
/// Nothing if `bytes` do not begin with a whole message: the child came to no end.
std::optional<Message> decode(const std::string& bytes);

}  // namespace nestling::lab::command
