// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace nestling::lab::command {

/// For text and attributes of XML and HTML. What neither can hold, and what is not UTF-8, becomes U+FFFD.
std::string escape_markup(const std::string& text);
/// A string of JSON, with its quotes. What is not UTF-8 becomes U+FFFD.
std::string json_string(const std::string& text);

}  // namespace nestling::lab::command
