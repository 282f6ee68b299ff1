// SPDX-License-Identifier: MIT
#include "os/fork_guard.hpp"

#include <pthread.h>

#include <atomic>

namespace nestling::os {

namespace {

// The one variable of the process in this library: fork() has no handle that a context could own, and asking for the
// process id is a system call.
std::atomic<unsigned> process_generation{0};

unsigned current() noexcept {
    // RELAXED written only in a child right after fork, by its only thread.
    return process_generation.load(std::memory_order_relaxed);
}

void count_child() noexcept {
    // RELAXED as current().
    process_generation.fetch_add(1, std::memory_order_relaxed);
}

unsigned watch_forks() {
    static const int registered = ::pthread_atfork(nullptr, nullptr, &count_child);
    static_cast<void>(registered);
    return current();
}

}  // namespace

ForkGuard::ForkGuard() : generation_(watch_forks()) {}

bool ForkGuard::in_child() const noexcept {
    return current() != generation_;
}

}  // namespace nestling::os
