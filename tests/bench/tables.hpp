// SPDX-License-Identifier: MIT
#pragma once

#include <iosfwd>

#include "bench/machine.hpp"
#include "bench/options.hpp"
#include "bench/registry.hpp"
#include "bench/results.hpp"

namespace bench {

/// One Markdown table for each measure, the fastest first; says which peers are missing and why.
void print_tables(std::ostream& out, const Registry& registry, const Results& results, const Options& options,
                  const Machine& machine);
void print_list(std::ostream& out, const Registry& registry);

}  // namespace bench
