// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/coroutine.hpp>

#include <cstdint>

#include <nestling/annotations.hpp>
#include <nestling/context.hpp>
#include <nestling/fd_handler.hpp>
#include <nestling/suspension.hpp>
#include <nestling/task_frame.hpp>

namespace nestling {

class AsyncFd;

/// What AsyncFd::readable() and AsyncFd::writable() return.
class NESTLING_API AsyncFdReady final : async::Suspension {
public:
    AsyncFdReady(AsyncFd& fd, AsyncFdReady*& place) noexcept : fd_(fd), place_(place) {}
    ~AsyncFdReady() override { leave(); }

    [[nodiscard]] static bool await_ready() noexcept { return false; }
    template <async::TaskPromise Promise>
    bool await_suspend(std::coroutine_handle<Promise> task) {
        return wait(task.promise());
    }
    void await_resume();

private:
    friend class AsyncFd;
    bool wait(async::TaskFrame& task);
    void leave() noexcept;

    AsyncFd& fd_;
    AsyncFdReady*& place_;
    enum class State : std::uint8_t { stopped, waiting, ready } state_ = State::stopped;
};

/// A descriptor that tasks wait for again and again, one to read and one to write at the same time. Registered once,
/// which is what saves system calls over readable() and writable(). Home thread. The descriptor is not owned: this must
/// go before it is closed. Must not be destroyed while a task waits.
class NESTLING_API AsyncFd {
public:
    /// `name` must outlive this, usually a literal. Throws as FdHandler does.
    AsyncFd(Context& context, int fd, const char* name);
    AsyncFd(const AsyncFd&) = delete;
    AsyncFd& operator=(const AsyncFd&) = delete;
    ~AsyncFd();

    [[nodiscard]] int fd() const noexcept { return handler_.fd(); }
    /// In a Task of this context: goes on when the descriptor can be read, has hung up, or has an error. Throws
    /// std::logic_error if another task waits for that.
    [[nodiscard]] AsyncFdReady readable() noexcept { return AsyncFdReady(*this, reader_); }
    /// The same when it can be written, or has an error.
    [[nodiscard]] AsyncFdReady writable() noexcept { return AsyncFdReady(*this, writer_); }

private:
    friend class AsyncFdReady;
    void watch(Interest interest);
    void ready(AsyncFdReady*& place, Interest interest);

    AsyncFdReady* reader_ = nullptr;
    AsyncFdReady* writer_ = nullptr;
    /// What the kernel is asked for: also what nobody waits for any more, until that comes.
    Interest watched_ = Interest::none;
    FdHandler handler_;
};

}  // namespace nestling
