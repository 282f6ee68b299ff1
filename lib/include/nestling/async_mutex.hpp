// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/async_semaphore.hpp>

namespace nestling {

/// The lock of an AsyncMutex; unlocks at the end of its life, also on another thread than the one that locked.
using AsyncLock = AsyncPermit;

/// One task at a time, of any contexts; the others wait in the order in which they came, and without a thread. Any
/// thread. Not recursive. Must not be destroyed while a task waits.
class AsyncMutex final {
public:
    AsyncMutex() noexcept = default;

    /// In a Task: `const AsyncLock lock = co_await mutex.lock();`. A task that is stopped or destroyed while it waits
    /// leaves the lock to the next one.
    [[nodiscard]] AsyncAcquire lock() noexcept { return one_.acquire(); }
    /// Anywhere. An empty lock if it is taken.
    [[nodiscard]] AsyncLock try_lock() noexcept { return one_.try_acquire(); }

private:
    AsyncSemaphore one_{1};
};

}  // namespace nestling
