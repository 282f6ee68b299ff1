// SPDX-License-Identifier: MIT
#pragma once

#include "bench/registry.hpp"

namespace bench {

/// Replaces what does not go well in a program that has measured other things before: system calls are counted by the
/// counting program beside this one, and heaps are weighed by a new process of this one.
void move_to_own_processes(Registry& registry);

}  // namespace bench
