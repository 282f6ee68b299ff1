// SPDX-License-Identifier: MIT
#include "bench/syscalls.hpp"
#include "support/syscall_counter.hpp"

namespace bench {

bool counts_system_calls() {
    return true;
}

std::uint64_t system_calls() {
    static const nestling::testing::SyscallCounter since_start;
    return since_start.total();
}

}  // namespace bench
