// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/coroutine.hpp>

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <system_error>
#include <type_traits>
#include <utility>

#include <nestling/annotations.hpp>
#include <nestling/outcome.hpp>
#include <nestling/suspension.hpp>
#include <nestling/task_frame.hpp>
#include <nestling/thread_pool.hpp>

namespace nestling {

namespace async {

/// Between a task and its job on another thread: whether the job may still use what the task has. Any thread.
class NESTLING_API JobGate {
public:
    /// For the job. False: the task is gone, and nothing may be run.
    [[nodiscard]] bool enter();
    void leave() noexcept;
    /// For the task. Blocks while the job is inside; it will not enter any more.
    void close() noexcept;

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_inside_ = false;
    bool is_closed_ = false;
};

template <class F>
constexpr auto result_in_pool() {
    if constexpr (std::is_invocable_v<F&, const std::stop_token&>) {
        return std::type_identity<std::invoke_result_t<F&, const std::stop_token&>>();
    } else {
        return std::type_identity<std::invoke_result_t<F&>>();
    }
}

}  // namespace async

/// What run_in_pool() returns.
template <class F>
class [[nodiscard]] RunInPool final : async::Suspension {
    using T = typename decltype(async::result_in_pool<F>())::type;

public:
    RunInPool(WorkQueue& queue, F function) noexcept
        : Suspension(&stop_job), queue_(&queue), function_(std::move(function)) {}
    RunInPool(std::shared_ptr<ThreadPool> pool, F function) noexcept
        : Suspension(&stop_job), pool_(std::move(pool)), function_(std::move(function)) {}
    ~RunInPool() override {
        forget_stop();
        if (state_ == State::submitted) {
            link_->task = nullptr;
            job_.cancel();
            link_->gate.close();
        }
    }

    [[nodiscard]] static bool await_ready() noexcept { return false; }
    template <async::TaskPromise Promise>
    bool await_suspend(std::coroutine_handle<Promise> task) {
        if (!begin(task.promise())) {
            return false;
        }
        submit();
        return true;
    }
    T await_resume() {
        if (state_ == State::stopped) {
            throw_stopped();
        }
        finish();
        return std::move(outcome_).take();
    }

private:
    /// What the job keeps of the task.
    struct Link {
        async::JobGate gate;
        /// Home thread. Null when it is gone.
        RunInPool* task;
    };

    struct Work {
        std::shared_ptr<Link> link;
        F function;
        std::stop_token stop;

        T operator()() {
            if (!link->gate.enter()) {
                throw_stopped();
            }
            struct Leave {
                async::JobGate& gate;
                ~Leave() { gate.leave(); }
            } const leave{link->gate};
            // Its end too is within the gate.
            F own = std::move(function);
            if constexpr (std::is_invocable_v<F&, const std::stop_token&>) {
                return own(std::as_const(stop));
            } else {
                return own();
            }
        }
    };

    void submit() {
        if (queue_ == nullptr) {
            queue_ = &own_queue_.emplace(frame().home(), pool_, frame().name());
        }
        link_ = std::make_shared<Link>();
        link_->task = this;
        const auto done = [link = link_](Outcome<T> outcome) {
            if (link->task != nullptr) {
                link->task->ended(std::move(outcome));
            }
        };
        if (const std::error_code error =
                queue_->submit(Work{link_, std::move(function_), frame().stop()}, done, &job_)) {
            throw std::system_error(error, "nestling: run_in_pool()");
        }
        state_ = State::submitted;
        suspend();
    }

    void ended(Outcome<T> outcome) {
        state_ = State::ended;
        outcome_ = std::move(outcome);
        resume();
    }

    static void stop_job(Suspension& self) { static_cast<RunInPool&>(self).job_.cancel(); }

    WorkQueue* queue_ = nullptr;
    std::shared_ptr<ThreadPool> pool_;
    std::optional<WorkQueue> own_queue_;
    F function_;
    Job job_;
    std::shared_ptr<Link> link_;
    Outcome<T> outcome_;
    enum class State : std::uint8_t { stopped, submitted, ended } state_ = State::stopped;
};

/// In a Task: runs `function()`, or `function(stop_token)`, on a thread of the pool that `queue` leads to, and gives
/// what it returns or throws what it throws. `queue` is of the context that the task is on. A task that is to stop
/// takes back a job that has not begun, and throws operation_canceled; one that runs is waited for, and may ask its
/// token. A task that is destroyed meanwhile waits for it as well: `function` may use what the task has. Throws
/// std::system_error, resource_unavailable_try_again, when the pool's queue is full.
template <class F>
[[nodiscard]] RunInPool<F> run_in_pool(WorkQueue& queue, F function) {
    return RunInPool<F>(queue, std::move(function));
}
/// The same without a queue of one's own; it is made each time.
template <class F>
[[nodiscard]] RunInPool<F> run_in_pool(std::shared_ptr<ThreadPool> pool, F function) {
    return RunInPool<F>(std::move(pool), std::move(function));
}

}  // namespace nestling
