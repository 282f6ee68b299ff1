// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/thread_pool.hpp>

#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>

namespace nestling::async {

class QueueCore;

/// One submission. Its state is guarded by the pool's mutex.
struct JobCore {
    enum class State : std::uint8_t { queued, taken, cancelled };

    std::weak_ptr<PoolCore> pool;
    std::shared_ptr<QueueCore> queue;
    Callback<void()> work;
    Callback<void()> done;
    State state = State::queued;
    std::list<std::shared_ptr<JobCore>>::iterator place;
};

/// Jobs go from list to list without an allocation: what has begun must come to its end when memory has run out.
using JobList = std::list<std::shared_ptr<JobCore>>;

/// The threads of a pool and the jobs that wait for them.
class PoolCore : public std::enable_shared_from_this<PoolCore> {
public:
    explicit PoolCore(ThreadPoolOptions options);
    PoolCore(const PoolCore&) = delete;
    PoolCore& operator=(const PoolCore&) = delete;
    ~PoolCore();

    // Any thread.
    void start();
    std::error_code submit(std::shared_ptr<JobCore> job);
    bool cancel(const std::shared_ptr<JobCore>& job);
    /// Cancels every queued job of `queue`.
    void cancel_all(const QueueCore* queue);
    std::error_code set_limits(std::size_t min_threads, std::size_t max_threads);
    [[nodiscard]] std::size_t threads() const;
    [[nodiscard]] std::size_t queued() const;

    /// Any thread but a worker. Cancels what has not started, waits for what runs.
    void stop();

private:
    void spawn();
    void work();
    [[nodiscard]] bool wait_for_job(std::unique_lock<std::mutex>& lock);
    void leave_thread();

    const ThreadPoolOptions options_;

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    JobList jobs_;
    std::list<std::thread> threads_;
    std::list<std::thread> ended_;
    std::size_t min_threads_;
    std::size_t max_threads_;
    std::size_t idle_ = 0;
    bool is_stopping_ = false;
};

}  // namespace nestling::async
