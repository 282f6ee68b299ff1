// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/io_queue.hpp>
#include <nestling/task.hpp>
#include <nestling/thread_pool.hpp>

#include "finder/hasher.hpp"

namespace demo {

/// As hash_file(), with the waiting for the disk and the arithmetic apart: `io` reads, also for hundreds of files at a
/// time, and `hashing` leads to threads that do nothing else. Both are of the context that the task is on. A task that
/// is to stop ends with operation_canceled.
nestling::Task<HashResult> hash_file_through(nestling::IoQueue& io, nestling::WorkQueue& hashing, HashRequest request,
                                             const StopFlag& stop);

}  // namespace demo
