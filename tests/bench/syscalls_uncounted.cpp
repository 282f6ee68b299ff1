// SPDX-License-Identifier: MIT
#include "bench/syscalls.hpp"

namespace bench {

bool counts_system_calls() {
    return false;
}

std::uint64_t system_calls() {
    return 0;
}

}  // namespace bench
