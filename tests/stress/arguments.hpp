// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace nestling::stress {

/// The value of `--name=value`, or `otherwise`.
inline std::string argument(int count, char** values, std::string_view name, std::string_view otherwise) {
    const std::string prefix = "--" + std::string(name) + "=";
    for (int at = 1; at < count; ++at) {
        const std::string_view value(values[at]);
        if (value.substr(0, prefix.size()) == prefix) {
            return std::string(value.substr(prefix.size()));
        }
    }
    return std::string(otherwise);
}

inline std::uint64_t number(int count, char** values, std::string_view name, std::uint64_t otherwise) {
    return std::strtoull(argument(count, values, name, std::to_string(otherwise)).c_str(), nullptr, 10);
}

/// A cheap sequence of numbers that differs from thread to thread.
class Dice {
public:
    explicit Dice(std::uint64_t seed) noexcept : state_(seed * 0x9E3779B97F4A7C15U + 1) {}
    std::uint64_t below(std::uint64_t limit) noexcept {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return state_ % limit;
    }

private:
    std::uint64_t state_;
};

}  // namespace nestling::stress
