// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "os/clock.hpp"

namespace nestling::loop {

/// How long one dispatch may take. Asked after each callback.
class Budget {
public:
    /// No limit, and no clock is read.
    Budget() noexcept = default;
    /// 0 or less: no limit.
    explicit Budget(std::int64_t nanoseconds) noexcept : Budget(nanoseconds, never) {}
    /// Used up as well once `is_over`, which lives as long as the dispatch.
    Budget(std::int64_t nanoseconds, const bool& is_over) noexcept
        : end_(nanoseconds > 0 ? os::monotonic_ns() + nanoseconds : 0), is_over_(&is_over) {}

    [[nodiscard]] bool has_limit() const noexcept { return end_ != 0; }
    [[nodiscard]] bool is_over() const noexcept { return *is_over_; }
    [[nodiscard]] bool is_used_up() const noexcept { return is_over() || (end_ != 0 && os::monotonic_ns() >= end_); }

private:
    static constexpr bool never = false;

    std::int64_t end_ = 0;
    const bool* is_over_ = &never;
};

}  // namespace nestling::loop
