// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace bench {

/// Whether this program counts system calls. Counting costs time, so it is done by a program of its own, which measures
/// nothing else.
bool counts_system_calls();
/// How many calls of the C library that a loop makes (write, read, poll, epoll_wait and their kin) there have been. The
/// futex calls inside its locks are not among them, which flatters those who lock.
std::uint64_t system_calls();

}  // namespace bench
