// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/coroutine.hpp>

#include <nestling/annotations.hpp>
#include <nestling/context.hpp>
#include <nestling/suspension.hpp>
#include <nestling/task_frame.hpp>

namespace nestling {

/// What resume_on() returns.
class NESTLING_API ResumeOn final : async::Suspension {
public:
    explicit ResumeOn(Context& target) noexcept : target_(target) {}

    [[nodiscard]] static bool await_ready() noexcept { return false; }
    template <async::TaskPromise Promise>
    bool await_suspend(std::coroutine_handle<Promise> task) {
        return leave(task.promise());
    }
    void await_resume();

private:
    bool leave(async::TaskFrame& task);
    void woken() override;

    Context& target_;
    enum class State : std::uint8_t { there_already, stopped, sent } state_ = State::there_already;
};

/// In a Task: goes on, and stays, on the home thread of `target`, in its next iteration. If it is there already, at
/// once. `target` must live until the task is there; it may be destroyed by the task itself then. A request to stop
/// that comes before is answered by throwing here; on its way the task cannot be stopped, but when it has arrived. When
/// the task ends, who waits for it goes on where that is.
[[nodiscard]] inline ResumeOn resume_on(Context& target) noexcept {
    return ResumeOn(target);
}

}  // namespace nestling
