// SPDX-License-Identifier: MIT
#include "os/fork_guard.hpp"

#include <pthread.h>

#include <atomic>

namespace nestling::os {

std::atomic<unsigned> process_generation{0};

namespace {

void count_child() noexcept {
    // RELAXED as ForkGuard::in_child().
    process_generation.fetch_add(1, std::memory_order_relaxed);
}

unsigned watch_forks() {
    static const int registered = ::pthread_atfork(nullptr, nullptr, &count_child);
    static_cast<void>(registered);
    // RELAXED as ForkGuard::in_child().
    return process_generation.load(std::memory_order_relaxed);
}

}  // namespace

ForkGuard::ForkGuard() : generation_(watch_forks()) {}

}  // namespace nestling::os
