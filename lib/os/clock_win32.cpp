// SPDX-License-Identifier: MIT
#include "os/clock.hpp"
#include "os/windows.hpp"

namespace nestling::os {

namespace {

constexpr std::int64_t second = 1'000'000'000;
/// Of file times, in nanoseconds.
constexpr std::int64_t file_time_unit = 100;
/// From the first of January 1601 to 1970, in that unit.
constexpr std::int64_t unix_epoch = 116'444'736'000'000'000;

std::int64_t ticks_per_second() noexcept {
    LARGE_INTEGER frequency;
    ::QueryPerformanceFrequency(&frequency);
    return frequency.QuadPart;
}

}  // namespace

std::int64_t monotonic_ns() noexcept {
    static const std::int64_t frequency = ticks_per_second();
    LARGE_INTEGER ticks;
    ::QueryPerformanceCounter(&ticks);
    // In two steps, because the product of all would overflow within a day.
    return ticks.QuadPart / frequency * second + ticks.QuadPart % frequency * second / frequency;
}

std::int64_t coarse_monotonic_ns() noexcept {
    return static_cast<std::int64_t>(::GetTickCount64()) * 1'000'000;
}

std::int64_t wall_ns() noexcept {
    FILETIME now;
    ::GetSystemTimePreciseAsFileTime(&now);
    const auto units =
        static_cast<std::int64_t>(std::uint64_t{now.dwHighDateTime} << 32U | std::uint64_t{now.dwLowDateTime});
    return (units - unix_epoch) * file_time_unit;
}

}  // namespace nestling::os
