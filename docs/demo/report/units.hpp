// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace demo {

/// 1234567 -> "1,234,567"
std::string count_text(std::uint64_t count);
/// "1 file", "2 files"
std::string count_text(std::uint64_t count, const char* one, const char* many);
/// 1234567 -> "1.2 MB"; powers of ten.
std::string bytes_text(std::uint64_t bytes);
/// "870 ns", "12.3 us", "4.56 ms", "1.23 s"
std::string duration_text(std::chrono::nanoseconds duration);
/// `digits` behind the point, whatever the locale.
std::string number_text(double number, int digits);
/// `total` for each second of `elapsed`; 0 when no time has passed.
double per_second(std::uint64_t total, std::chrono::nanoseconds elapsed);

}  // namespace demo
