// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cmath>
#include <cstdio>
#include <string>

namespace bench {

/// Two or three digits that mean something: "0.0042", "7.3", "412", "25.3k", "1.6M".
inline std::string short_number(double value) {
    std::array<char, 48> text{};
    const double size = std::fabs(value);
    if (size >= 999'500) {
        std::snprintf(text.data(), text.size(), "%.3gM", value / 1e6);
    } else if (size >= 9'995) {
        std::snprintf(text.data(), text.size(), "%.3gk", value / 1e3);
    } else if (size >= 100) {
        std::snprintf(text.data(), text.size(), "%.0f", value);
    } else {
        std::snprintf(text.data(), text.size(), size < 1 ? "%.2g" : "%.3g", value);
    }
    return text.data();
}

}  // namespace bench
