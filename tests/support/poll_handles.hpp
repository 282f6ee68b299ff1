// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/external_loop.hpp>

#include <chrono>
#include <span>

namespace nestling::testing {

// Defined twice: by poll(2), and by WaitForMultipleObjects of Windows.

/// Sleeps until one of them is ready, or `timeout` is over (negative: never); fills in what is ready. How many are.
int wait_for_handles(std::span<PollHandle> handles, std::chrono::nanoseconds timeout);
/// Whether a notifier, by its descriptor, was set and not cleared.
bool is_set(int notifier_fd);

}  // namespace nestling::testing
