// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/coroutine.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <type_traits>
#include <utility>

#include <nestling/annotations.hpp>
#include <nestling/task_frame.hpp>

namespace nestling {

template <class T>
class Task;

namespace async {

/// What the coroutine returns is kept here until somebody takes it.
template <class T>
class TaskResult {
public:
    template <class U = T>
    requires std::is_constructible_v<T, U&&>
    void return_value(U&& value) { value_.emplace(std::forward<U>(value)); }

protected:
    [[nodiscard]] T take_value() { return std::move(*value_); }

private:
    std::optional<T> value_;
};

template <class T>
class TaskResult<T&> {
public:
    void return_value(T& value) noexcept { value_ = std::addressof(value); }

protected:
    [[nodiscard]] T& take_value() const noexcept { return *value_; }

private:
    T* value_ = nullptr;
};

template <>
class TaskResult<void> {
public:
    void return_void() const noexcept {}

protected:
    void take_value() const noexcept {}
};

template <class T>
class TaskAwaiter;

}  // namespace async

/// A coroutine that does nothing until it is awaited, by one, or spawned (see spawn()). Movable; moved from, it is
/// empty.
///
///     Task<int> answer() { co_return 42; }
///     Task<void> ask() { const int number = co_await answer(); }
///
/// A task runs on the home thread of one context. After each `co_await` it is on the thread that it was on before,
/// except for resume_on(), which is there to change it; a task that has changed it goes back when it ends, so that who
/// waits for it goes on where it waits. Children inherit the context, and the stop token: when stop is requested,
/// whatever the task waits for ends at once with std::system_error, operation_canceled.
///
/// A task that is destroyed while it is suspended destroys what it waits for, innermost first: nothing of it runs any
/// more, and everything it holds is released. No `co_await` resumes it on top of what another task is doing: it goes on
/// in an iteration of its context.
///
/// Only the frame of the coroutine is allocated; std::bad_alloc comes out of the call that makes the task.
template <class T = void>
class [[nodiscard]] Task : public async::TaskOwner {
public:
    class promise_type : public async::TaskFrame, public async::TaskResult<T> {  // NOLINT: the standard's name
    public:
        [[nodiscard]] Task get_return_object() noexcept {
            set_handle(std::coroutine_handle<promise_type>::from_promise(*this));
            return Task(*this);
        }
        [[nodiscard]] static std::suspend_always initial_suspend() noexcept { return {}; }
        [[nodiscard]] static Final final_suspend() noexcept { return {}; }
        void unhandled_exception() noexcept { fail(); }

        [[nodiscard]] T take() {
            if (has_failed()) {
                std::rethrow_exception(error());
            }
            return this->take_value();
        }
    };

    /// An empty one.
    Task() noexcept = default;

    [[nodiscard]] explicit operator bool() const noexcept { return frame() != nullptr; }

    /// `co_await std::move(task)`, in another Task. Throws what the task throws, and std::logic_error if it is empty.
    [[nodiscard]] async::TaskAwaiter<T> operator co_await() && { return async::TaskAwaiter<T>(std::move(*this)); }

    /// Of a task that has ended: what it returned, or throws what it threw. For who runs it.
    [[nodiscard]] T take() { return static_cast<promise_type&>(*frame()).take(); }

private:
    explicit Task(promise_type& promise) noexcept : async::TaskOwner(promise) {}
};

namespace async {

/// Runs a child in place of the task that waits for it.
template <class T>
class [[nodiscard]] TaskAwaiter {
public:
    explicit TaskAwaiter(Task<T> task) : task_(std::move(task)) {
        if (!task_) {
            throw std::logic_error("nestling: an empty Task is awaited");
        }
    }
    /// With a stop token of its own, which lives as long as this.
    TaskAwaiter(Task<T> task, const std::stop_token& stop) : TaskAwaiter(std::move(task)) { stop_ = &stop; }
    TaskAwaiter(const TaskAwaiter&) = delete;
    TaskAwaiter& operator=(const TaskAwaiter&) = delete;
    ~TaskAwaiter() = default;

    [[nodiscard]] static bool await_ready() noexcept { return false; }
    template <TaskPromise Promise>
    void await_suspend(std::coroutine_handle<Promise> parent) noexcept {
        TaskFrame& frame = parent.promise();
        frame.await_child(task_, stop_ == nullptr ? frame.stop() : *stop_);
    }
    T await_resume() {
        task_.frame()->child_ended();
        return task_.take();
    }

private:
    Task<T> task_;
    const std::stop_token* stop_ = nullptr;
};

}  // namespace async
}  // namespace nestling
