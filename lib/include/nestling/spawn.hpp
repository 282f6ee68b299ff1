// SPDX-License-Identifier: MIT
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <stop_token>
#include <system_error>
#include <type_traits>
#include <utility>

#include <nestling/annotations.hpp>
#include <nestling/callback.hpp>
#include <nestling/context.hpp>
#include <nestling/task.hpp>
#include <nestling/task_root.hpp>
#include <nestling/thread_pool.hpp>

namespace nestling {

/// What became of a Task<T>: its value, what it threw, or neither because it was stopped. A reference is wrapped.
template <class T>
using TaskOutcome =
    Outcome<std::conditional_t<std::is_reference_v<T>, std::reference_wrapper<std::remove_reference_t<T>>, T>>;

/// Told of the end of a task, on its home thread.
template <class T>
using TaskDone = std::type_identity_t<Callback<void(TaskOutcome<T>)>>;

/// Holds a task that was spawned; stops and destroys it at the end of its life. Home thread of the task's context, but
/// for request_stop().
class NESTLING_API TaskHandle {
public:
    TaskHandle() noexcept = default;
    /// For spawn_held(). `source` is that of the token which stops `root`.
    TaskHandle(async::TaskRoot& root, std::stop_source source) noexcept;
    TaskHandle(TaskHandle&& other) noexcept;
    TaskHandle& operator=(TaskHandle&& other) noexcept;
    TaskHandle(const TaskHandle&) = delete;
    TaskHandle& operator=(const TaskHandle&) = delete;
    /// Requests stop, and destroys the task, wherever it is suspended; its `done` is destroyed and not called. In the
    /// task itself: when that suspends next. While a part of it is on another context (resume_on()), this polls the
    /// task's context until that part has come home.
    ~TaskHandle();

    /// True until the task has ended.
    [[nodiscard]] explicit operator bool() const noexcept { return root_ != nullptr; }
    /// Any thread.
    void request_stop() noexcept { source_.request_stop(); }

private:
    friend class async::TaskRoot;

    async::TaskRoot* root_ = nullptr;
    std::stop_source source_{std::nostopstate};
};

namespace async {

template <class T>
class Spawned final : public TaskRoot {
public:
    Spawned(Context& context, const char* name, Task<T> task, TaskDone<T> done, std::stop_token stop)
        : TaskRoot(context, name, std::move(stop)), task_(std::move(task)), done_(std::move(done)) {
        if (!task_) {
            throw std::logic_error("nestling: an empty Task is spawned");
        }
        prepare(*task_.frame());
    }
    void start() noexcept { TaskRoot::start(*task_.frame()); }

private:
    void deliver() override {
        TaskDone<T> done = std::move(done_);
        TaskOutcome<T> outcome;
        const std::exception_ptr error = task_.frame()->error();
        if (!was_stopped(error, task_.frame()->stop())) {
            auto take = [this]() -> decltype(auto) { return task_.take(); };
            outcome.run(take);
        }
        delete this;
        if (done) {
            done(std::move(outcome));
        } else if (outcome.failed()) {
            // Nobody else would hear of it.
            std::rethrow_exception(error);
        }
    }

    /// Not a failure: it has done what it was asked for.
    static bool was_stopped(const std::exception_ptr& error, const std::stop_token& stop) noexcept {
        if (error == nullptr || !stop.stop_requested()) {
            return false;
        }
        try {
            std::rethrow_exception(error);
        } catch (const std::system_error& caught) {
            return caught.code() == std::errc::operation_canceled;
        } catch (...) {
            return false;
        }
    }

    Task<T> task_;
    TaskDone<T> done_;
};

}  // namespace async

/// Any thread. Runs `task` on the home thread of `context`, from its next iteration on; nobody holds it. `done` is
/// called there when it has ended, after everything the task held is released. Without `done`, what the task throws
/// goes the way of a callback that throws (ContextOptions::on_exception), under `name`. `stop` is the token that the
/// task and its children are stopped by. `name` must outlive the task, usually a literal. A context that is destroyed
/// before the task has ended names it and aborts, as for every handle. Throws std::bad_alloc.
template <class T>
void spawn(Context& context, const char* name, Task<T> task, TaskDone<T> done = {}, std::stop_token stop = {}) {
    auto spawned =
        std::make_unique<async::Spawned<T>>(context, name, std::move(task), std::move(done), std::move(stop));
    spawned.release()->start();
}

/// Home thread. As spawn(), of a task that is stopped and destroyed with the handle.
template <class T>
[[nodiscard]] TaskHandle spawn_held(Context& context, const char* name, Task<T> task, TaskDone<T> done = {}) {
    context.assert_home();
    std::stop_source source;
    auto spawned =
        std::make_unique<async::Spawned<T>>(context, name, std::move(task), std::move(done), source.get_token());
    TaskHandle handle(*spawned, std::move(source));
    spawned.release()->start();
    return handle;
}

}  // namespace nestling
