// SPDX-License-Identifier: MIT
#include "report/units.hpp"

#include <glib.h>

#include <cstddef>
#include <iterator>

namespace demo {

std::string count_text(std::uint64_t count) {
    std::string text = std::to_string(count);
    for (std::size_t at = text.size(); at > 3;) {
        at -= 3;
        text.insert(at, 1, ',');
    }
    return text;
}

std::string count_text(std::uint64_t count, const char* one, const char* many) {
    return count_text(count) + ' ' + (count == 1 ? one : many);
}

std::string number_text(double number, int digits) {
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    const std::string format = "%." + std::to_string(digits) + "f";
    return g_ascii_formatd(text, static_cast<gint>(sizeof text), format.c_str(), number);
}

std::string bytes_text(std::uint64_t bytes) {
    static constexpr const char* units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    double number = static_cast<double>(bytes);
    std::size_t unit = 0;
    // 999.95 would be shown as 1000.0.
    while (number >= 999.95 && unit + 1 < std::size(units)) {
        number /= 1000;
        ++unit;
    }
    return number_text(number, unit == 0 ? 0 : 1) + ' ' + units[unit];
}

std::string duration_text(std::chrono::nanoseconds duration) {
    const double nanoseconds = static_cast<double>(duration.count());
    if (nanoseconds < 1e3) {
        return number_text(nanoseconds, 0) + " ns";
    }
    if (nanoseconds < 1e6) {
        return number_text(nanoseconds / 1e3, 1) + " us";
    }
    if (nanoseconds < 1e9) {
        return number_text(nanoseconds / 1e6, nanoseconds < 1e7 ? 2 : 1) + " ms";
    }
    return number_text(nanoseconds / 1e9, 2) + " s";
}

double per_second(std::uint64_t total, std::chrono::nanoseconds elapsed) {
    const double seconds = std::chrono::duration<double>(elapsed).count();
    return seconds > 0 ? static_cast<double>(total) / seconds : 0.0;
}

}  // namespace demo
