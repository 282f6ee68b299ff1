// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "bench/chunks.hpp"

namespace bench {

/// How the values of the rounds become one.
enum class Summary : char { median, sum };

/// One row of the tables: what is measured, for any peer.
struct Measure {
    const char* id;  ///< "w1.single"; the part before the dot is the family
    const char* text;
    const char* unit;
    Summary summary = Summary::median;
    int rounds = 0;  ///< fewer than the others, or 0
};

/// All measures, in the order of the tables.
const std::vector<Measure>& measures();

/// One run of a workload for a peer. Nothing when no chunk was valid.
using Run = std::function<Outcome(const Effort&)>;

/// Which peers there are, and what each of them can do.
class Registry {
public:
    void add_peer(std::string_view name, std::string_view version) {
        peers_.push_back({std::string(name), std::string(version)});
    }
    /// A peer that this program was built without, and why.
    void add_absent(std::string_view name, std::string_view why) {
        absent_.push_back({std::string(name), std::string(why)});
    }
    void add(std::string_view peer, std::string_view measure, Run run);

    struct Named {
        std::string name;
        std::string text;
    };
    [[nodiscard]] const std::vector<Named>& peers() const { return peers_; }
    [[nodiscard]] const std::vector<Named>& absent() const { return absent_; }
    /// Null when the peer cannot do it.
    [[nodiscard]] const Run* find(std::string_view peer, std::string_view measure) const;

private:
    std::vector<Named> peers_;
    std::vector<Named> absent_;
    std::map<std::string, Run, std::less<>> runs_;
};

/// Registers all peers that were built; peers.cpp.
void add_all_peers(Registry& registry);

}  // namespace bench
