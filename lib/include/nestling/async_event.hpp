// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/coroutine.hpp>

#include <nestling/annotations.hpp>
#include <nestling/task_frame.hpp>
#include <nestling/waiter.hpp>

namespace nestling {

class AsyncEvent;

/// What AsyncEvent::wait() returns.
class NESTLING_API AsyncEventWait final : async::Waiter {
public:
    explicit AsyncEventWait(AsyncEvent& event) noexcept;
    ~AsyncEventWait() override { leave(); }

    [[nodiscard]] static bool await_ready() noexcept { return false; }
    template <async::TaskPromise Promise>
    bool await_suspend(std::coroutine_handle<Promise> task) {
        return wait(task.promise());
    }
    void await_resume() { end_wait(); }

private:
    bool take() noexcept override;
    void give_back() noexcept override {}

    AsyncEvent& event_;
};

/// Something that happens, and that tasks of any contexts wait for. Any thread. Must not be destroyed while a task
/// waits.
class NESTLING_API AsyncEvent final : async::WaitPlace {
public:
    AsyncEvent() noexcept = default;
    ~AsyncEvent() override { refuse_waiters(waiters_, "AsyncEvent"); }

    /// It has happened: who waits goes on, and who comes does not wait, until reset(). A task that is already on its
    /// way is not called back by reset().
    void set() noexcept;
    void reset() noexcept;
    [[nodiscard]] bool is_set() const noexcept;
    /// In a Task: `co_await event.wait()`.
    [[nodiscard]] AsyncEventWait wait() noexcept { return AsyncEventWait(*this); }

private:
    friend class AsyncEventWait;
    void settle() noexcept override;

    async::WaitList waiters_;
    bool is_set_ = false;
};

}  // namespace nestling
