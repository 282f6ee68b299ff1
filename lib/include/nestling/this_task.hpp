// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/coroutine.hpp>

#include <stop_token>

#include <nestling/annotations.hpp>
#include <nestling/context.hpp>
#include <nestling/suspension.hpp>
#include <nestling/task_frame.hpp>

/// What a Task asks about itself, by `co_await`.
namespace nestling::this_task {

/// `co_await StopToken()`: the token by which the task is stopped. Does not suspend.
class StopToken : public async::ThisFrame {
public:
    [[nodiscard]] const std::stop_token& await_resume() const noexcept { return ThisFrame::await_resume().stop(); }
};
[[nodiscard]] inline StopToken stop_token() noexcept {
    return {};
}

/// `co_await Home()`: the context that the task is on. Does not suspend.
class Home : public async::ThisFrame {
public:
    [[nodiscard]] Context& await_resume() const noexcept { return ThisFrame::await_resume().home(); }
};
[[nodiscard]] inline Home context() noexcept {
    return {};
}

/// What yield() returns.
class NESTLING_API Pause final : async::Suspension {
public:
    Pause() noexcept = default;
    [[nodiscard]] static bool await_ready() noexcept { return false; }
    template <async::TaskPromise Promise>
    bool await_suspend(std::coroutine_handle<Promise> task) {
        return pause(task.promise());
    }
    void await_resume();

private:
    bool pause(async::TaskFrame& task);
    bool was_suspended_ = false;
};

/// Lets everything else that is ready run, and goes on in the next iteration. Throws if the task is to stop.
[[nodiscard]] inline Pause yield() noexcept {
    return Pause();
}

}  // namespace nestling::this_task
