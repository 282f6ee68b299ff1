// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/coroutine.hpp>

#include <chrono>
#include <cstdint>

#include <nestling/annotations.hpp>
#include <nestling/suspension.hpp>
#include <nestling/task_frame.hpp>
#include <nestling/timer.hpp>

namespace nestling {

/// What sleep_for() and sleep_until() return.
class NESTLING_API Sleep final : async::Suspension {
public:
    enum class Until : std::uint8_t { delay, deadline };

    Sleep(std::chrono::nanoseconds time, Until until, Clock clock) noexcept
        : time_(time), until_(until), clock_(clock) {}

    [[nodiscard]] static bool await_ready() noexcept { return false; }
    template <async::TaskPromise Promise>
    bool await_suspend(std::coroutine_handle<Promise> task) {
        return sleep(task.promise());
    }
    void await_resume();

private:
    bool sleep(async::TaskFrame& task);

    Timer timer_;
    std::chrono::nanoseconds time_;
    Until until_;
    Clock clock_;
    enum class State : std::uint8_t { awake, asleep, over } state_ = State::awake;
};

/// In a Task: goes on when `delay` has passed, never early; in the next iteration if that is 0 or less. Throws
/// operation_canceled as soon as the task is to stop.
[[nodiscard]] inline Sleep sleep_for(std::chrono::nanoseconds delay, Clock clock = Clock::monotonic) noexcept {
    return Sleep(delay, Sleep::Until::delay, clock);
}
/// The same for a point in time of `clock`, as clock_now() has it.
[[nodiscard]] inline Sleep sleep_until(std::chrono::nanoseconds deadline, Clock clock = Clock::monotonic) noexcept {
    return Sleep(deadline, Sleep::Until::deadline, clock);
}

}  // namespace nestling
