// SPDX-License-Identifier: MIT
#include "bench/results.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace bench {

namespace {

std::string key_of(std::string_view measure, std::string_view peer) {
    return std::string(measure) + " " + std::string(peer);
}

/// Between two values when the place is between them.
double quantile(const std::vector<double>& sorted, double part) {
    const double place = part * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return std::lerp(sorted[below], sorted[above], place - static_cast<double>(below));
}

}  // namespace

void Results::add(std::string_view measure, std::string_view peer, Outcome value) {
    // On a busy machine a round may have no valid chunk at all: that is no measurement.
    const bool is_number = value.has_value() && std::isfinite(*value);
    values_[key_of(measure, peer)].push_back(is_number ? value : Outcome());
}

void Results::add_failure(std::string_view measure, std::string_view peer, std::string_view what) {
    failures_[key_of(measure, peer)] = what;
}

const Results::Rounds* Results::rounds(std::string_view measure, std::string_view peer) const {
    const auto found = values_.find(key_of(measure, peer));
    return found == values_.end() ? nullptr : &found->second;
}

std::string Results::failure(std::string_view measure, std::string_view peer) const {
    const auto found = failures_.find(key_of(measure, peer));
    return found == failures_.end() ? std::string() : found->second;
}

std::optional<Quartiles> Results::quartiles(const Measure& measure, std::string_view peer) const {
    const Rounds* all = rounds(measure.id, peer);
    std::vector<double> values;
    for (const Outcome& value : all != nullptr ? *all : Rounds{}) {
        if (value) {
            values.push_back(*value);
        }
    }
    if (values.empty()) {
        return std::nullopt;
    }
    if (measure.summary == Summary::sum) {
        const double sum = std::accumulate(values.begin(), values.end(), 0.0);
        return Quartiles{sum, sum, sum};
    }
    std::sort(values.begin(), values.end());
    return Quartiles{quantile(values, 0.25), quantile(values, 0.5), quantile(values, 0.75)};
}

Outcome Results::ratio(Place value, Place against) const {
    const Rounds* above = rounds(value.measure, value.peer);
    const Rounds* below = rounds(against.measure, against.peer);
    if (above == nullptr || below == nullptr) {
        return std::nullopt;
    }
    std::vector<double> ratios;
    for (std::size_t index = 0; index < std::min(above->size(), below->size()); ++index) {
        if ((*above)[index] && (*below)[index] && *(*below)[index] > 0) {
            ratios.push_back(*(*above)[index] / *(*below)[index]);
        }
    }
    if (ratios.empty()) {
        return std::nullopt;
    }
    std::sort(ratios.begin(), ratios.end());
    return quantile(ratios, 0.5);
}

const Measure* find_measure(std::string_view id) {
    for (const Measure& measure : measures()) {
        if (id == measure.id) {
            return &measure;
        }
    }
    return nullptr;
}

}  // namespace bench
