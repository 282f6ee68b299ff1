// SPDX-License-Identifier: MIT
// Of a system that has no fork().
#include "os/fork_guard.hpp"

namespace nestling::os {

std::atomic<unsigned> process_generation{0};

ForkGuard::ForkGuard() : generation_(0) {}

}  // namespace nestling::os
