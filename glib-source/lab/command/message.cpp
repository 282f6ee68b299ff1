// SPDX-License-Identifier: MIT
#include "message.hpp"

#include <charconv>
#include <system_error>

namespace nestling::lab::command {

namespace {

void put(std::string& bytes, std::size_t number) {
    bytes += std::to_string(number) + "\n";
}

/// Takes a number off the front of what is left after `at`.
std::optional<std::size_t> take(const std::string& bytes, std::size_t& at) {
    std::size_t number = 0;
    const char* const begin = bytes.data() + at;
    const char* const end = bytes.data() + bytes.size();
    const auto [rest, error] = std::from_chars(begin, end, number);
    if (error != std::errc{} || rest == end || *rest != '\n') {
        return std::nullopt;
    }
    at += static_cast<std::size_t>(rest - begin) + 1;
    return number;
}

}  // namespace

std::string encode(const Message& message) {
    std::string bytes;
    put(bytes, message.size());
    for (const std::string& text : message) {
        put(bytes, text.size());
        bytes += text;
    }
    return bytes;
}

std::optional<Message> decode(const std::string& bytes) {
    std::size_t at = 0;
    const std::optional<std::size_t> count = take(bytes, at);
    if (!count) {
        return std::nullopt;
    }
    Message message;
    for (std::size_t text = 0; text != *count; ++text) {
        const std::optional<std::size_t> size = take(bytes, at);
        if (!size || *size > bytes.size() - at) {
            return std::nullopt;
        }
        message.push_back(bytes.substr(at, *size));
        at += *size;
    }
    return message;
}

}  // namespace nestling::lab::command
