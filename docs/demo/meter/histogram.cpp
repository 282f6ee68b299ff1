// SPDX-License-Identifier: MIT
#include "meter/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace demo {

// Below `steps`, one bucket for each nanosecond; above, the bits after the highest one choose the step.
std::size_t Histogram::bucket_of(std::uint64_t nanoseconds) noexcept {
    if (nanoseconds < steps) {
        return static_cast<std::size_t>(nanoseconds);
    }
    const auto octave = static_cast<std::size_t>(std::bit_width(nanoseconds)) - 3;
    const auto step = static_cast<std::size_t>(nanoseconds >> (octave - 1)) - steps;
    return octave * steps + step;
}

std::uint64_t Histogram::lower_edge(std::size_t bucket) noexcept {
    if (bucket < steps) {
        return bucket;
    }
    return static_cast<std::uint64_t>(steps + bucket % steps) << (bucket / steps - 1);
}

void Histogram::add(std::chrono::nanoseconds duration) noexcept {
    const auto nanoseconds = static_cast<std::uint64_t>(std::max<std::chrono::nanoseconds::rep>(duration.count(), 0));
    ++counts_[bucket_of(nanoseconds)];
    ++count_;
    max_ = std::max(max_, duration);
}

std::chrono::nanoseconds Histogram::quantile(double share) const noexcept {
    if (count_ == 0) {
        return std::chrono::nanoseconds(0);
    }
    const double rank = std::ceil(share * static_cast<double>(count_));
    const auto wanted = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(std::max(rank, 1.0)), 1, count_);
    std::uint64_t seen = 0;
    for (std::size_t bucket = 0; bucket + 1 < buckets; ++bucket) {
        seen += counts_[bucket];
        if (seen >= wanted) {
            const auto edge = std::chrono::nanoseconds(static_cast<std::int64_t>(lower_edge(bucket + 1)) - 1);
            return std::min(edge, max_);
        }
    }
    return max_;
}

std::uint64_t Histogram::between(std::chrono::nanoseconds from, std::chrono::nanoseconds to) const noexcept {
    const std::size_t first = bucket_of(static_cast<std::uint64_t>(std::max<std::int64_t>(from.count(), 0)));
    const std::size_t last = bucket_of(static_cast<std::uint64_t>(std::max<std::int64_t>(to.count(), 0)));
    std::uint64_t total = 0;
    for (std::size_t bucket = first; bucket < last; ++bucket) {
        total += counts_[bucket];
    }
    return total;
}

}  // namespace demo
