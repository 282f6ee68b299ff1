// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

#include <nestling/annotations.hpp>
#include <nestling/callback.hpp>
#include <nestling/context.hpp>
#include <nestling/outcome.hpp>

namespace nestling {

namespace async {
class PoolCore;
class QueueCore;
struct JobCore;
}  // namespace async

struct ThreadPoolOptions {
    std::string name = "pool";
    /// Threads that are kept while idle, and the most there may be.
    std::size_t min_threads = 0;
    std::size_t max_threads = 4;
    /// Jobs that may wait for a thread; a submission beyond that is refused.
    std::size_t queue_limit = 1024;
    /// How long a thread above the minimum stays idle before it ends.
    std::chrono::milliseconds idle_life{10000};
};

/// Worker threads, shared by any number of contexts. A forked child has none of them: there a pool can be destroyed,
/// and with it the queues into it, and any other use ends the process with a message.
class NESTLING_API ThreadPool {
public:
    /// Any thread. Throws std::system_error EINVAL for max_threads 0 or min above max, or when threads run out.
    explicit ThreadPool(ThreadPoolOptions options = {});
    /// Any thread but a worker. Jobs that have not started are cancelled (their completion is delivered as cancelled);
    /// running ones are waited for.
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    /// Any thread.
    [[nodiscard]] std::size_t threads() const;
    /// Any thread. Jobs that wait for a thread.
    [[nodiscard]] std::size_t queued() const;
    /// Any thread. Returns EINVAL for max 0 or min above max, or why a thread could not be started
    /// (EAGAIN, ENOMEM); the old limits stand then. Surplus workers end after their job.
    [[nodiscard]] std::error_code set_limits(std::size_t min_threads, std::size_t max_threads);
    /// Any thread. Replaces ThreadPoolOptions::queue_limit; jobs that wait already stay.
    void set_queue_limit(std::size_t queue_limit);
    /// Any thread. Replaces ThreadPoolOptions::idle_life, for threads that are idle now too.
    void set_idle_life(std::chrono::milliseconds idle_life);
    /// Any thread. As set.
    [[nodiscard]] ThreadPoolOptions options() const;

private:
    friend class WorkQueue;
    std::shared_ptr<async::PoolCore> core_;
};

/// A reference to a submitted job. May be dropped at any time; the job goes on.
class NESTLING_API Job {
public:
    Job() noexcept = default;
    explicit Job(std::shared_ptr<async::JobCore> core) noexcept : core_(std::move(core)) {}
    [[nodiscard]] explicit operator bool() const noexcept { return core_ != nullptr; }
    /// Any thread. True if the job had not started: it never will, and its completion is delivered as cancelled. O(1).
    bool cancel() noexcept;

private:
    std::shared_ptr<async::JobCore> core_;
};

/// The way from one context into a pool: jobs run on the pool's threads, completions on the context's home thread, in
/// the order in which jobs ended.
class NESTLING_API WorkQueue {
public:
    /// Any thread. Throws std::bad_alloc.
    WorkQueue(Context& context, const std::shared_ptr<ThreadPool>& pool, const char* name);
    /// Home thread. Cancels jobs that have not started and waits for those that run. Their completions are not
    /// delivered; they are destroyed here.
    ~WorkQueue();
    WorkQueue(const WorkQueue&) = delete;
    WorkQueue& operator=(const WorkQueue&) = delete;

    /// Home thread. Runs `work()` on a thread of the pool, then `done(Outcome<T>)` here; never before submit() has
    /// returned. Returns resource_unavailable_try_again when the pool's queue is full, operation_canceled when the pool
    /// is being destroyed; then neither is called. `work` is destroyed on the pool's thread when it has run. O(1).
    template <class Work, class Done>
    [[nodiscard]] std::error_code submit(Work work, Done done, Job* job = nullptr) {
        using T = std::invoke_result_t<Work&>;
        struct State {
            std::optional<Work> work;
            Done done;
            Outcome<T> outcome;
        };
        auto state = std::make_unique<State>(State{std::optional<Work>(std::move(work)), std::move(done), {}});
        State* raw = state.get();
        return submit_erased(
            [raw] {
                raw->outcome.run(*raw->work);
                raw->work.reset();
            },
            [owned = std::move(state)] { owned->done(std::move(owned->outcome)); }, job);
    }

    /// Home thread. Jobs submitted whose completion has not been delivered.
    [[nodiscard]] std::size_t pending() const noexcept;

private:
    std::error_code submit_erased(Callback<void()> work, Callback<void()> done, Job* job);
    std::shared_ptr<async::QueueCore> core_;
};

}  // namespace nestling
