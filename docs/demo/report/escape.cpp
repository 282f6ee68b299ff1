// SPDX-License-Identifier: MIT
#include "report/escape.hpp"

#include <glib.h>

namespace demo {

namespace {

void append_hex(std::string& to, std::string_view bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    for (const char each : bytes) {
        const auto byte = static_cast<unsigned char>(each);
        to += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
    }
}

}  // namespace

std::string escape_path(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size());
    while (!bytes.empty()) {
        const gunichar letter = g_utf8_get_char_validated(bytes.data(), static_cast<gssize>(bytes.size()));
        const bool valid = letter < 0x110000 && letter != 0;
        const std::size_t length = valid ? static_cast<std::size_t>(g_unichar_to_utf8(letter, nullptr)) : 1;
        if (letter == '\\') {
            text += "\\\\";
        } else if (!valid || g_unichar_iscntrl(letter) != 0) {
            append_hex(text, bytes.substr(0, length));
        } else {
            text += bytes.substr(0, length);
        }
        bytes.remove_prefix(length);
    }
    return text;
}

}  // namespace demo
