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
    explicit Budget(std::int64_t nanoseconds) noexcept : end_(nanoseconds > 0 ? os::monotonic_ns() + nanoseconds : 0) {}

    [[nodiscard]] bool has_limit() const noexcept { return end_ != 0; }
    [[nodiscard]] bool is_used_up() const noexcept { return end_ != 0 && os::monotonic_ns() >= end_; }

private:
    std::int64_t end_ = 0;
};

}  // namespace nestling::loop
