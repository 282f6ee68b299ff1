// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <system_error>
#include <utility>

#include <nestling/task.hpp>
#include <nestling/task_group.hpp>
#include <nestling/timer.hpp>

namespace nestling {

/// Runs `task` as `co_await std::move(task)` does, and stops it when `limit` has passed; 0 or less: in the next
/// iteration. Then waits for its end, so that nothing of it runs any more, and throws std::system_error, timed_out. A
/// task that ends in another way, although it was stopped, has ended in that way: neither a value nor an error is lost.
/// A request to stop from outside is passed on, and is no timeout.
template <class T>
Task<T> with_timeout(std::chrono::nanoseconds limit, Task<T> task, Clock clock = Clock::monotonic) {
    async::TaskFrame& self = co_await async::ThisFrame();
    async::StopScope scope(self.stop());
    bool is_late = false;
    Timer timer(
        self.home(), self.name(),
        [&] {
            is_late = true;
            scope.request_stop();
        },
        clock);
    timer.arm_after(limit);
    try {
        co_return co_await async::TaskAwaiter<T>(std::move(task), scope.token());
    } catch (const std::system_error& error) {
        if (error.code() != std::errc::operation_canceled || !is_late || self.stop().stop_requested()) {
            throw;
        }
    }
    throw std::system_error(std::make_error_code(std::errc::timed_out), "nestling: with_timeout()");
}

/// Runs `task` so that no request to stop reaches it: for what must be done in any case, such as to say good-bye.
template <class T>
Task<T> without_stop(Task<T> task) {
    const std::stop_token never;
    co_return co_await async::TaskAwaiter<T>(std::move(task), never);
}

}  // namespace nestling
