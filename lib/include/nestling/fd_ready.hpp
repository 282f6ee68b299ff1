// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/coroutine.hpp>

#include <cstdint>

#include <nestling/annotations.hpp>
#include <nestling/fd_handler.hpp>
#include <nestling/suspension.hpp>
#include <nestling/task_frame.hpp>

namespace nestling {

/// What readable() and writable() return.
class NESTLING_API FdReady final : async::Suspension {
public:
    FdReady(int fd, Interest interest) noexcept : fd_(fd), interest_(interest) {}

    [[nodiscard]] static bool await_ready() noexcept { return false; }
    template <async::TaskPromise Promise>
    bool await_suspend(std::coroutine_handle<Promise> task) {
        return wait(task.promise());
    }
    void await_resume();

private:
    bool wait(async::TaskFrame& task);

    FdHandler handler_;
    int fd_;
    Interest interest_;
    enum class State : std::uint8_t { stopped, waiting, ready } state_ = State::stopped;
};

/// In a Task: goes on when `fd` can be read, has hung up, or has an error. It takes the one handler that a descriptor
/// has in a context, for as long as it waits, and throws what that throws (EEXIST if there is one: see AsyncFd). The
/// descriptor must stay open meanwhile. Throws operation_canceled as soon as the task is to stop.
[[nodiscard]] inline FdReady readable(int fd) noexcept {
    return FdReady(fd, Interest::read);
}
/// The same when `fd` can be written, or has an error.
[[nodiscard]] inline FdReady writable(int fd) noexcept {
    return FdReady(fd, Interest::write);
}

}  // namespace nestling
