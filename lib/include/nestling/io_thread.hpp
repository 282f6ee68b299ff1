// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include <nestling/annotations.hpp>
#include <nestling/context.hpp>

namespace nestling {

/// Runs a context's loop in some other way than by poll(): for example inside a GMainLoop.
class NESTLING_API LoopDriver {
public:
    virtual ~LoopDriver();
    /// Home thread. Runs the loop until quit() was called, also when that happened before.
    virtual void run(const std::shared_ptr<Context>& context) = 0;
    /// Home thread, inside or before run(). Makes run() return.
    virtual void quit() = 0;
};

/// A thread with a context of its own. A forked child has no such thread: there an I/O thread can be destroyed, and
/// stop() does nothing.
class NESTLING_API IoThread {
public:
    /// Any thread. Returns when the loop is running. Throws std::system_error when descriptors, memory or threads run
    /// out. The options' `home` is ignored: the new thread is home.
    explicit IoThread(ContextOptions options = {});
    /// Any thread but the new one: stop().
    ~IoThread();
    IoThread(const IoThread&) = delete;
    IoThread& operator=(const IoThread&) = delete;

    /// Any thread. The context; it may outlive the thread, and has no home then.
    [[nodiscard]] const std::shared_ptr<Context>& context() const noexcept;

    /// Any thread. The system's number of the thread, as taskset, chrt and /proc have it: CPUs and priority are
    /// inherited from the creating thread, and can be changed from outside. Means nothing after stop().
    [[nodiscard]] long thread_id() const noexcept;

    /// Any thread but the new one. Runs what is posted until now, ends the loop and joins the thread. Idempotent.
    void stop();

    /// Any thread. Switches the thread from poll() to the driver that `make` returns, for good. Once switched, returns
    /// the driver there is and does not call `make`. run() is called once, even if stop() comes right behind. Throws
    /// std::logic_error after stop() and when `make` returns null.
    LoopDriver& drive_with(Callback<std::unique_ptr<LoopDriver>()> make);

private:
    struct Shared;
    std::shared_ptr<Shared> shared_;
};

}  // namespace nestling
