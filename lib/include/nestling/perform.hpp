// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/coroutine.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <nestling/annotations.hpp>
#include <nestling/io_operation.hpp>
#include <nestling/io_queue.hpp>
#include <nestling/suspension.hpp>
#include <nestling/task.hpp>
#include <nestling/task_frame.hpp>

namespace nestling {

/// What perform() returns.
class NESTLING_API Perform final : async::Suspension {
public:
    Perform(IoQueue& queue, IoOperation operation) noexcept : queue_(queue), operation_(std::move(operation)) {}

    [[nodiscard]] static bool await_ready() noexcept { return false; }
    template <async::TaskPromise Promise>
    bool await_suspend(std::coroutine_handle<Promise> task) {
        return start(task.promise());
    }
    IoResult await_resume();

private:
    bool start(async::TaskFrame& task);
    void woken() override;

    IoQueue& queue_;
    IoOperation operation_;
    IoRequest request_;
    IoResult result_;
    enum class State : std::uint8_t { stopped, started, ended } state_ = State::stopped;
};

/// In a Task: gives the result of an operation, errors included; of a multishot one the first, which ends it. `queue`
/// is of the context that the task is on, and must not be destroyed meanwhile. A task that is to stop cancels the
/// operation and goes on when that has ended, with its result or, if it was cancelled, by throwing operation_canceled.
/// A task that is destroyed meanwhile waits until the kernel has let go of the buffers, so these may be the task's own.
[[nodiscard]] inline Perform perform(IoQueue& queue, IoOperation operation) noexcept {
    return Perform(queue, std::move(operation));
}

/// Reads until `into` is full or the file ends, and gives the number of bytes. Throws std::system_error.
NESTLING_API Task<std::size_t> read_exactly(IoQueue& queue, int fd, std::span<std::byte> into,
                                            std::uint64_t offset = io::current_position);
/// Writes all of `from`. Throws std::system_error.
NESTLING_API Task<void> write_all(IoQueue& queue, int fd, std::span<const std::byte> from,
                                  std::uint64_t offset = io::current_position);

}  // namespace nestling
