// SPDX-License-Identifier: MIT
#include "escape.hpp"

#include <glib.h>

#include <array>
#include <cstdio>

namespace nestling::lab::command {

namespace {

constexpr const char* replacement = "\xef\xbf\xbd";

/// The text as characters, those that XML forbids as U+FFFD, each given to `put` with its bytes.
template <typename Put>
void for_each_character(const std::string& text, const Put& put) {
    gchar* valid = g_utf8_make_valid(text.data(), static_cast<gssize>(text.size()));
    for (const gchar* at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
        const gchar* next = g_utf8_next_char(at);
        put(g_utf8_get_char(at), std::string(at, next));
    }
    g_free(valid);
}

bool is_control(gunichar character) noexcept {
    return character < 0x20 && character != '\n' && character != '\t';
}

bool is_forbidden(gunichar character) noexcept {
    return is_control(character) || character == 0x7f || character == 0xfffe || character == 0xffff;
}

}  // namespace

std::string escape_markup(const std::string& text) {
    std::string escaped;
    for_each_character(text, [&escaped](gunichar character, const std::string& bytes) {
        switch (character) {
            case '&':
                escaped += "&amp;";
                break;
            case '<':
                escaped += "&lt;";
                break;
            case '>':
                escaped += "&gt;";
                break;
            case '"':
                escaped += "&quot;";
                break;
            case '\'':
                escaped += "&#39;";
                break;
            default:
                escaped += is_forbidden(character) ? replacement : bytes;
        }
    });
    return escaped;
}

std::string json_string(const std::string& text) {
    std::string escaped = "\"";
    for_each_character(text, [&escaped](gunichar character, const std::string& bytes) {
        if (character == '"' || character == '\\') {
            escaped += '\\' + bytes;
        } else if (character < 0x20) {
            std::array<char, 8> code{};
            std::snprintf(code.data(), code.size(), "\\u%04x", static_cast<unsigned>(character));
            escaped += code.data();
        } else {
            escaped += bytes;
        }
    });
    return escaped + "\"";
}

}  // namespace nestling::lab::command
