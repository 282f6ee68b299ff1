// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/coroutine.hpp>

#include <cstddef>
#include <utility>

#include <nestling/annotations.hpp>
#include <nestling/task_frame.hpp>
#include <nestling/waiter.hpp>

namespace nestling {

class AsyncSemaphore;

/// What was acquired of a semaphore; given back at the end of its life. Any thread, one at a time.
class NESTLING_API AsyncPermit {
public:
    AsyncPermit() noexcept = default;
    AsyncPermit(AsyncSemaphore& semaphore, std::size_t amount) noexcept : semaphore_(&semaphore), amount_(amount) {}
    AsyncPermit(AsyncPermit&& other) noexcept
        : semaphore_(std::exchange(other.semaphore_, nullptr)), amount_(std::exchange(other.amount_, 0U)) {}
    AsyncPermit& operator=(AsyncPermit&& other) noexcept;
    AsyncPermit(const AsyncPermit&) = delete;
    AsyncPermit& operator=(const AsyncPermit&) = delete;
    ~AsyncPermit() { release(); }

    [[nodiscard]] explicit operator bool() const noexcept { return semaphore_ != nullptr; }
    /// Gives it back now. Idempotent.
    void release() noexcept;

private:
    AsyncSemaphore* semaphore_ = nullptr;
    std::size_t amount_ = 0;
};

/// What AsyncSemaphore::acquire() returns.
class NESTLING_API AsyncAcquire final : async::Waiter {
public:
    AsyncAcquire(AsyncSemaphore& semaphore, std::size_t amount) noexcept;
    ~AsyncAcquire() override { leave(); }

    [[nodiscard]] static bool await_ready() noexcept { return false; }
    template <async::TaskPromise Promise>
    bool await_suspend(std::coroutine_handle<Promise> task) {
        return wait(task.promise());
    }
    AsyncPermit await_resume();

private:
    friend class AsyncSemaphore;
    bool take() noexcept override;
    void give_back() noexcept override;

    AsyncSemaphore& semaphore_;
    std::size_t amount_;
};

/// A number of which tasks, of any contexts, take their share and wait until there is enough. First come, first served:
/// who wants little waits behind who wants much. Any thread. Must not be destroyed while a task waits.
class NESTLING_API AsyncSemaphore final : async::WaitPlace {
public:
    explicit AsyncSemaphore(std::size_t available) noexcept : available_(available) {}
    ~AsyncSemaphore() override { refuse_waiters(waiters_, "AsyncSemaphore"); }

    /// In a Task: `co_await semaphore.acquire()`. A task that is stopped or destroyed while it waits takes nothing.
    [[nodiscard]] AsyncAcquire acquire(std::size_t amount = 1) noexcept { return AsyncAcquire(*this, amount); }
    /// Anywhere. An empty permit if it would have to wait.
    [[nodiscard]] AsyncPermit try_acquire(std::size_t amount = 1) noexcept;
    /// Adds `amount` to what there is.
    void release(std::size_t amount = 1) noexcept;
    /// What nobody has now.
    [[nodiscard]] std::size_t available() const noexcept;

private:
    friend class AsyncAcquire;
    void settle() noexcept override;
    [[nodiscard]] bool take(std::size_t amount) noexcept;

    async::WaitList waiters_;
    std::size_t available_;
};

}  // namespace nestling
