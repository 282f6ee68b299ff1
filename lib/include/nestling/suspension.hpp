// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/coroutine.hpp>

#include <optional>
#include <stop_token>

#include <nestling/annotations.hpp>
#include <nestling/task_frame.hpp>

namespace nestling::async {

/// One stop of a task at something that is no task: what awaiters are made of. It lives in the frame of the task, so it
/// must let go, in its destructor, of what could still call it: a task may be destroyed while it is suspended.
///
/// A suspension ends once: whoever resumes a task that is not suspended there ends the process, with the task's name.
class NESTLING_API Suspension {
public:
    Suspension(const Suspension&) = delete;
    Suspension& operator=(const Suspension&) = delete;

protected:
    /// Any thread. What a request to stop does.
    using StopHook = void (*)(Suspension& self);

    Suspension() noexcept = default;
    /// In place of wake(). Not virtual, because another thread may call it while a destructor runs.
    explicit Suspension(StopHook hook) noexcept : hook_(hook) {}
    virtual ~Suspension() = default;

    // ---- Home thread ----

    /// The first thing in await_suspend(). False if the task is to stop already: do not suspend, and fail in
    /// await_resume().
    [[nodiscard]] bool begin(TaskFrame& frame) noexcept {
        frame_ = &frame;
        return !frame.stop().stop_requested();
    }
    /// The last thing in await_suspend(), when nothing can fail any more; from now on requests to stop are heard. May
    /// throw std::bad_alloc.
    void suspend();
    /// The first thing in await_resume(), if it was suspended: nothing wakes this any more.
    void finish() noexcept;
    /// In destructors, if a StopHook was given.
    void forget_stop() noexcept { on_stop_.reset(); }
    /// Goes on with the task, now. This may be gone when it returns.
    void resume();
    /// After wake(). Home thread.
    virtual void woken() { resume(); }
    [[noreturn]] static void throw_stopped();

    [[nodiscard]] TaskFrame& frame() const noexcept { return *frame_; }

    // ---- Any thread, while the task is suspended here ----

    /// woken() runs on the home thread. More than one before that are one.
    void wake() const noexcept { frame_->wake(); }

    // ---- For the move to another context ----

    void hop_to(Context& target) { frame_->hop_to(target, *this); }
    void arrive() noexcept { frame_->arrive(); }

private:
    friend class TaskFrame;
    friend class TaskRoot;

    struct OnStop {
        Suspension* self;
        void operator()() const noexcept {
            if (self->hook_ == nullptr) {
                self->wake();
            } else {
                self->hook_(*self);
            }
        }
    };

    TaskFrame* frame_ = nullptr;
    StopHook hook_ = nullptr;
    std::optional<std::stop_callback<OnStop>> on_stop_;
};

}  // namespace nestling::async
