// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>

namespace nestling::os {

/// How many forks lie between the process that loaded the library and this one. The one variable of the process in this
/// library: fork() has no handle that a context could own, and asking for the process id is a system call.
extern std::atomic<unsigned> process_generation;

/// Knows whether this process is the one that created it, or a forked child of that.
class ForkGuard {
public:
    ForkGuard();
    /// Any thread. One relaxed load.
    [[nodiscard]] bool in_child() const noexcept {
        // RELAXED written only in a child right after fork, by its only thread.
        return process_generation.load(std::memory_order_relaxed) != generation_;
    }

private:
    unsigned generation_;
};

}  // namespace nestling::os
