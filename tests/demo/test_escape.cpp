// SPDX-License-Identifier: MIT
#include "report/escape.hpp"

#include <glib.h>

#include <cstdlib>
#include <string>

#include "report/json_writer.hpp"
#include "support/testing.hpp"

using namespace demo;

namespace {

/// As the help text describes it.
std::string unescape(const std::string& text) {
    std::string bytes;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '\\') {
            bytes += text[at];
        } else if (text.at(at + 1) == '\\') {
            bytes += '\\';
            ++at;
        } else {
            REQUIRE(text.at(at + 1) == 'x');
            bytes += static_cast<char>(std::strtol(text.substr(at + 2, 2).c_str(), nullptr, 16));
            at += 3;
        }
    }
    return bytes;
}

}  // namespace

TEST_CASE("what is printable stays as it is", "[demo]") {
    for (const std::string text : {"", "/plain/name.txt", "a b", "\u00e9\u65e5\U0001F600", "~!\"'$"}) {
        CHECK(escape_path(text) == text);
    }
}

TEST_CASE("a backslash is doubled, control characters and stray bytes become hexadecimal", "[demo]") {
    CHECK(escape_path("a\\b") == "a\\\\b");
    CHECK(escape_path("a\nb\x7f") == "a\\x0ab\\x7f");
    CHECK(escape_path("\xff\xe9t") == "\\xff\\xe9t");
    CHECK(escape_path("\xc2\x85") == "\\xc2\\x85");
    CHECK(escape_path("half \xe6\x97") == "half \\xe6\\x97");
    // An overlong slash, and half of a surrogate pair: not UTF-8, whatever they look like.
    CHECK(escape_path("\xc0\xaf\xed\xa0\x80") == "\\xc0\\xaf\\xed\\xa0\\x80");
}

TEST_CASE("any two bytes between letters come back, as valid text of one line", "[demo]") {
    int tried = 0;
    for (int first = 1; first < 256; ++first) {
        for (int second = 1; second < 256; ++second) {
            const std::string bytes{'a', static_cast<char>(first), static_cast<char>(second), 'z'};
            const std::string text = escape_path(bytes);
            const bool valid = g_utf8_validate(text.data(), static_cast<gssize>(text.size()), nullptr) != 0;
            if (!valid || text.find('\n') != std::string::npos || unescape(text) != bytes) {
                CAPTURE(first, second, text);
                FAIL("does not come back");
            }
            ++tried;
        }
    }
    CHECK(tried == 255 * 255);
}

TEST_CASE("JSON text is quoted, and members are separated by commas", "[demo]") {
    JsonWriter json;
    json.begin_object();
    json.member("quote\"", "back\\slash\n");
    json.key("list");
    json.begin_array();
    json.number(std::uint64_t{1});
    json.number(2.5, 2);
    json.truth(true);
    json.null();
    json.end_array();
    json.key("empty");
    json.begin_object();
    json.end_object();
    json.end_object();
    CHECK(json.result() ==
          "{\n  \"quote\\\"\": \"back\\\\slash\\u000a\",\n  \"list\": [\n    1,\n    2.50,\n    true,\n    null\n  ],\n"
          "  \"empty\": {}\n}\n");
}
