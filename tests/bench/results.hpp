// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/registry.hpp"

namespace bench {

struct Quartiles {
    double low;
    double median;
    double high;
};

/// What was measured: one value, or none, for each round of each peer.
class Results {
public:
    using Rounds = std::vector<Outcome>;

    void add(std::string_view measure, std::string_view peer, Outcome value);
    void add_failure(std::string_view measure, std::string_view peer, std::string_view what);

    /// Null if that was not measured.
    [[nodiscard]] const Rounds* rounds(std::string_view measure, std::string_view peer) const;
    /// How many combinations ended with an error.
    [[nodiscard]] std::size_t failures() const { return failures_.size(); }
    [[nodiscard]] std::string failure(std::string_view measure, std::string_view peer) const;
    [[nodiscard]] std::optional<Quartiles> quartiles(const Measure& measure, std::string_view peer) const;
    /// The median of the ratios inside each round.
    struct Place {
        std::string_view measure;
        std::string_view peer;
    };
    [[nodiscard]] Outcome ratio(Place value, Place against) const;

private:
    std::map<std::string, Rounds, std::less<>> values_;
    std::map<std::string, std::string, std::less<>> failures_;
};

const Measure* find_measure(std::string_view id);

}  // namespace bench
