// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/coroutine.hpp>

#include <concepts>
#include <exception>
#include <optional>
#include <stop_token>
#include <utility>

#include <nestling/annotations.hpp>
#include <nestling/bottom_half.hpp>
#include <nestling/context.hpp>

namespace nestling::async {

class Suspension;
class TaskFrame;
class TaskGroup;
class TaskRoot;

/// Where coroutines run, one after the other: each says which comes next, and returns. So a chain of tasks takes the
/// stack of one, also where a compiler makes no tail call of a symmetric transfer.
struct Runner {
    std::coroutine_handle<> next;
};

/// Owns the frame of a task. Destroying it destroys the whole chain that the task waits for, innermost first, in
/// constant stack.
class NESTLING_API TaskOwner {
public:
    TaskOwner() noexcept = default;
    explicit TaskOwner(TaskFrame& frame) noexcept : frame_(&frame) {}
    TaskOwner(TaskOwner&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
    TaskOwner& operator=(TaskOwner&& other) noexcept {
        if (this != &other) {
            reset();
            frame_ = std::exchange(other.frame_, nullptr);
        }
        return *this;
    }
    TaskOwner(const TaskOwner&) = delete;
    TaskOwner& operator=(const TaskOwner&) = delete;
    ~TaskOwner() { reset(); }

    [[nodiscard]] TaskFrame* frame() const noexcept { return frame_; }
    void reset() noexcept {
        if (frame_ != nullptr) {
            destroy();
        }
    }

private:
    void destroy() noexcept;

    TaskFrame* frame_ = nullptr;
};

/// What the promise of every task has: where it runs, who waits for it, and what it waits for. On the thread that the
/// task is on, but for what is said to be for any thread.
class NESTLING_API TaskFrame {
public:
    TaskFrame(const TaskFrame&) = delete;
    TaskFrame& operator=(const TaskFrame&) = delete;

    /// The context that the task is on now.
    [[nodiscard]] Context& home() const noexcept { return *home_; }
    /// The name that it was spawned with.
    [[nodiscard]] const char* name() const noexcept;
    [[nodiscard]] const std::stop_token& stop() const noexcept { return *stop_; }
    [[nodiscard]] bool has_failed() const noexcept { return error_ != nullptr; }
    [[nodiscard]] const std::exception_ptr& error() const noexcept { return error_; }

    // ---- For what is awaited ----

    /// Starts `child` in place of this, which goes on when that has ended. `owner` lives until then.
    void await_child(TaskOwner& owner, const std::stop_token& stop) noexcept {
        awaited_ = &owner;
        TaskFrame& child = *owner.frame();
        child.begin(*this, stop);
        child.runner_ = runner_;
        runner_->next = child.handle_;
    }
    /// Of the child, when this goes on.
    void child_ended() noexcept { parent_->awaited_ = nullptr; }
    /// Starts this inside of `parent`, one of many: `group` hears of its end.
    void run_in_group(TaskFrame& parent, TaskGroup& group, const std::stop_token& stop);

    /// So that wake() can be called. May throw std::bad_alloc.
    void need_wake() {
        if (!wake_) {
            wake_.emplace(make_wake(*home_));
        }
    }
    /// Any thread, while the task is suspended: the suspension hears of it on the thread that the task is on.
    void wake() const noexcept { wake_->schedule(); }

protected:
    TaskFrame() noexcept = default;
    ~TaskFrame() = default;

    void set_handle(std::coroutine_handle<> handle) noexcept { handle_ = handle; }
    void fail() noexcept { error_ = std::current_exception(); }

    struct Final {
        [[nodiscard]] static bool await_ready() noexcept { return false; }
        template <class Promise>
        void await_suspend(std::coroutine_handle<Promise> ended) const noexcept {
            ended.promise().end();
        }
        void await_resume() const noexcept {}
    };

private:
    friend class Suspension;
    friend class TaskOwner;
    friend class TaskRoot;

    void begin(TaskFrame& parent, const std::stop_token& stop) noexcept {
        home_ = parent.home_;
        begin_home_ = parent.home_;
        root_ = parent.root_;
        stop_ = &stop;
        parent_ = &parent;
    }
    /// At the end of the coroutine. Whoever waits goes on where it waits.
    void end() noexcept {
        if (home_ == begin_home_) {
            pass_on();
        } else {
            go_home();
        }
    }
    void pass_on() noexcept;
    void go_home() noexcept;
    void come_home();
    void hop_to(Context& target, Suspension& suspension);
    /// On the thread that it has come to.
    void arrive() noexcept;
    [[nodiscard]] BottomHalf make_wake(Context& context);
    void woken();
    /// Goes on, and on, until nothing is left to do on this thread.
    void run();
    void drive(Runner& runner);

    std::coroutine_handle<> handle_;
    Context* home_ = nullptr;
    /// Of who waits for this.
    Context* begin_home_ = nullptr;
    TaskRoot* root_ = nullptr;
    const std::stop_token* stop_ = nullptr;
    TaskFrame* parent_ = nullptr;
    TaskGroup* group_ = nullptr;
    Runner* runner_ = nullptr;
    /// The child that this waits for.
    TaskOwner* awaited_ = nullptr;
    /// What this waits for, if that is no child.
    Suspension* suspension_ = nullptr;
    std::exception_ptr error_;
    // Most tasks need neither of them, and should not even have to end them.
    /// Of the context that it is on.
    std::optional<BottomHalf> wake_;
    /// Of `begin_home_`, once it has left that. Made when it leaves, because the end of a coroutine must not fail.
    std::optional<BottomHalf> way_home_;
    /// The root counts it as away.
    bool is_away_ = false;
};

/// The promise of a task of this library.
template <class Promise>
concept TaskPromise = std::derived_from<Promise, TaskFrame>;

/// `co_await ThisFrame()`: does not suspend.
class ThisFrame {
public:
    [[nodiscard]] static bool await_ready() noexcept { return false; }
    template <TaskPromise Promise>
    bool await_suspend(std::coroutine_handle<Promise> task) noexcept {
        frame_ = &task.promise();
        return false;
    }
    [[nodiscard]] TaskFrame& await_resume() const noexcept { return *frame_; }

private:
    TaskFrame* frame_ = nullptr;
};

}  // namespace nestling::async
