// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace demo {

/// Builds JSON text, member by member, with two spaces of indentation.
class JsonWriter {
public:
    void begin_object() { open('{'); }
    void end_object() { close('}'); }
    void begin_array() { open('['); }
    void end_array() { close(']'); }
    /// Names the value, object or array that comes next.
    void key(std::string_view name);

    /// `text` must be valid UTF-8.
    void text(std::string_view text);
    void number(std::uint64_t number) { raw(std::to_string(number)); }
    void number(double number, int digits);
    void truth(bool value) { raw(value ? "true" : "false"); }
    void null() { raw("null"); }

    void member(std::string_view name, std::string_view value);
    void member(std::string_view name, std::uint64_t value);

    [[nodiscard]] const std::string& result() const noexcept { return result_; }

private:
    void open(char bracket);
    void close(char bracket);
    void raw(std::string_view value);
    void next_value();
    void quote(std::string_view text);
    void new_line();

    std::string result_;
    std::vector<bool> has_members_;
    bool after_key_ = false;
};

}  // namespace demo
