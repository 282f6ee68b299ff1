// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "bench/clock.hpp"

namespace bench {

/// How much work one run of a workload may be.
struct Effort {
    std::int64_t budget_ns;      ///< a workload of short operations repeats them for so long
    std::int64_t watch_idle_ns;  ///< how long an idle loop is watched
    std::size_t early_timers;    ///< how many timers are looked at for having fired early
};

using Outcome = std::optional<double>;

inline Outcome median_of(std::vector<double> values) {
    if (values.empty()) {
        return std::nullopt;
    }
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

inline constexpr std::int64_t chunk_ns = 50'000;
inline constexpr std::size_t fewest_chunks = 3;

/// As many operations as take about one chunk's time; also warms up.
template <class F>
std::size_t calibrate(F&& operation) {
    std::size_t number = 1;
    for (;;) {
        const std::int64_t start = now_ns();
        for (std::size_t index = 0; index < number; ++index) {
            operation();
        }
        const std::int64_t taken = std::max<std::int64_t>(now_ns() - start, 1);
        if (taken * 2 >= chunk_ns || number >= 65536) {
            return number;
        }
        number *= 2;
    }
}

/// Nanoseconds per operation: the median of many short chunks, so that one interruption does not count. An operation
/// that is longer than a chunk is a chunk of its own.
template <class F>
Outcome median_chunk(const Effort& effort, F&& operation) {
    const std::size_t number = calibrate(operation);
    std::vector<double> values;
    const std::int64_t end = now_ns() + effort.budget_ns;
    for (std::int64_t start = now_ns(); start < end || values.size() < fewest_chunks;) {
        for (std::size_t index = 0; index < number; ++index) {
            operation();
        }
        const std::int64_t stop = now_ns();
        values.push_back(static_cast<double>(stop - start) / static_cast<double>(number));
        start = stop;
    }
    return median_of(std::move(values));
}

inline Outcome divided(Outcome value, double by) {
    return value ? Outcome(*value / by) : value;
}

}  // namespace bench
