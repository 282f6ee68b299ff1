// SPDX-License-Identifier: MIT
#pragma once

#include <iosfwd>

#include "bench/machine.hpp"
#include "bench/options.hpp"
#include "bench/registry.hpp"
#include "bench/results.hpp"

namespace bench {

void write_json(std::ostream& out, const Registry& registry, const Results& results, const Options& options,
                const Machine& machine);
/// measure,peer,round,value; no value where no chunk was valid.
void write_csv(std::ostream& out, const Registry& registry, const Results& results);

}  // namespace bench
