// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/thread_pool.hpp>

#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>

#include "os/fork_guard.hpp"

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
    void set_queue_limit(std::size_t queue_limit);
    void set_idle_life(std::chrono::milliseconds idle_life);
    [[nodiscard]] ThreadPoolOptions options() const;
    [[nodiscard]] std::size_t threads() const;
    [[nodiscard]] std::size_t queued() const;
    /// A forked child has none of the threads, and perhaps a mutex that one of them holds.
    [[nodiscard]] bool is_inherited() const noexcept { return fork_.in_child(); }

    /// Any thread but a worker. Cancels what has not started, waits for what runs.
    void stop();

private:
    void spawn();
    void work();
    [[nodiscard]] bool wait_for_job(std::unique_lock<std::mutex>& lock);
    void leave_thread();

    /// Locks the mutex; aborts in a forked child.
    [[nodiscard]] std::unique_lock<std::mutex> enter(const char* what) const;

    const os::ForkGuard fork_;
    const std::string name_;

    mutable std::mutex mutex_;
    ThreadPoolOptions options_;
    std::condition_variable wake_;
    JobList jobs_;
    std::list<std::thread> threads_;
    std::list<std::thread> ended_;
    std::size_t idle_ = 0;
    bool is_stopping_ = false;
};

}  // namespace nestling::async
