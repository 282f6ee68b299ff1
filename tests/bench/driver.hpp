// SPDX-License-Identifier: MIT
#pragma once

#include "bench/options.hpp"
#include "bench/registry.hpp"
#include "bench/results.hpp"

namespace bench {

/// Runs everything that is wanted, round by round, the peers one after another within each measure and in another order
/// in each round. Shows on stderr where it is. A workload that hangs ends the program and is named.
Results measure_all(const Registry& registry, const Options& options);

}  // namespace bench
