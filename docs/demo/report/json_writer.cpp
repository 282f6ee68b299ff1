// SPDX-License-Identifier: MIT
#include "report/json_writer.hpp"

#include "report/units.hpp"

namespace demo {

void JsonWriter::new_line() {
    result_ += '\n';
    result_.append(2 * has_members_.size(), ' ');
}

void JsonWriter::next_value() {
    if (after_key_) {
        after_key_ = false;
        return;
    }
    if (has_members_.empty()) {
        return;
    }
    if (has_members_.back()) {
        result_ += ',';
    }
    has_members_.back() = true;
    new_line();
}

void JsonWriter::open(char bracket) {
    next_value();
    result_ += bracket;
    has_members_.push_back(false);
}

void JsonWriter::close(char bracket) {
    const bool had_members = has_members_.back();
    has_members_.pop_back();
    if (had_members) {
        new_line();
    }
    result_ += bracket;
    if (has_members_.empty()) {
        result_ += '\n';
    }
}

void JsonWriter::raw(std::string_view value) {
    next_value();
    result_ += value;
}

void JsonWriter::quote(std::string_view text) {
    static constexpr char digits[] = "0123456789abcdef";
    result_ += '"';
    for (const char each : text) {
        const auto byte = static_cast<unsigned char>(each);
        if (each == '"' || each == '\\') {
            result_ += {'\\', each};
        } else if (byte < 0x20) {
            result_ += {'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15]};
        } else {
            result_ += each;
        }
    }
    result_ += '"';
}

void JsonWriter::key(std::string_view name) {
    next_value();
    quote(name);
    result_ += ": ";
    after_key_ = true;
}

void JsonWriter::text(std::string_view text) {
    next_value();
    quote(text);
}

void JsonWriter::number(double number, int digits) {
    raw(number_text(number, digits));
}

void JsonWriter::member(std::string_view name, std::string_view value) {
    key(name);
    text(value);
}

void JsonWriter::member(std::string_view name, std::uint64_t value) {
    key(name);
    number(value);
}

}  // namespace demo
