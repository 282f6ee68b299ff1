// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace demo {

/// Counts of durations on a logarithmic scale, in constant memory: eight steps to each doubling, so that what is read
/// back is at most 1/8 too large, and never too small.
class Histogram {
public:
    void add(std::chrono::nanoseconds duration) noexcept;
    void clear() noexcept { *this = Histogram(); }

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    /// The largest duration, exactly.
    [[nodiscard]] std::chrono::nanoseconds max() const noexcept { return max_; }
    /// The duration that `share` (0 to 1) of all durations do not exceed; 0 when there are none.
    [[nodiscard]] std::chrono::nanoseconds quantile(double share) const noexcept;
    /// How many lie in [from, to), to the precision of a step.
    [[nodiscard]] std::uint64_t between(std::chrono::nanoseconds from, std::chrono::nanoseconds to) const noexcept;

private:
    static constexpr std::size_t steps = 8;
    static constexpr std::size_t buckets = 64 * steps;

    static std::size_t bucket_of(std::uint64_t nanoseconds) noexcept;
    static std::uint64_t lower_edge(std::size_t bucket) noexcept;

    std::array<std::uint64_t, buckets> counts_{};
    std::uint64_t count_ = 0;
    std::chrono::nanoseconds max_{0};
};

}  // namespace demo
