// SPDX-License-Identifier: MIT
#include "bench/registry.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace bench {

namespace {

std::string key_of(std::string_view peer, std::string_view measure) {
    return std::string(peer) + " " + std::string(measure);
}

}  // namespace

void Registry::add(std::string_view peer, std::string_view measure, Run run) {
    const auto& all = measures();
    if (std::none_of(all.begin(), all.end(), [&](const Measure& known) { return measure == known.id; })) {
        throw std::logic_error("no such measure: " + std::string(measure));
    }
    runs_[key_of(peer, measure)] = std::move(run);
}

const Run* Registry::find(std::string_view peer, std::string_view measure) const {
    const auto found = runs_.find(key_of(peer, measure));
    return found == runs_.end() ? nullptr : &found->second;
}

}  // namespace bench
