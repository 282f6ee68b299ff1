// SPDX-License-Identifier: MIT
#include <nestling/thread_pool.hpp>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "async/pool_core.hpp"
#include "async/queue_core.hpp"
#include "os/forget.hpp"
#include "os/log.hpp"
#include "os/this_thread.hpp"

namespace nestling {

namespace async {

PoolCore::PoolCore(ThreadPoolOptions options) : name_(options.name), options_(std::move(options)) {
    if (options_.max_threads == 0 || options_.min_threads > options_.max_threads) {
        throw std::system_error(std::make_error_code(std::errc::invalid_argument),
                                "nestling: limits of thread pool \"" + name_ + "\"");
    }
}

PoolCore::~PoolCore() {
    stop();
}

std::unique_lock<std::mutex> PoolCore::enter(const char* what) const {
    if (is_inherited()) {
        os::log_line("thread pool \"" + name_ + "\": " + what + " in a forked child, which has none of its threads");
        std::abort();
    }
    return std::unique_lock(mutex_);
}

void PoolCore::start() {
    const std::lock_guard lock(mutex_);
    while (threads_.size() < options_.min_threads) {
        spawn();
    }
}

void PoolCore::spawn() {
    // They have let go of the mutex as their last act, or are about to.
    for (std::thread& thread : ended_) {
        thread.join();
    }
    ended_.clear();
    threads_.emplace_back();
    try {
        threads_.back() = std::thread([this] { work(); });
    } catch (...) {
        threads_.pop_back();
        throw;
    }
}

std::error_code PoolCore::submit(std::shared_ptr<JobCore> job) {
    const auto lock = enter("submit()");
    if (is_stopping_) {
        return std::make_error_code(std::errc::operation_canceled);
    }
    if (jobs_.size() >= options_.queue_limit) {
        return std::make_error_code(std::errc::resource_unavailable_try_again);
    }
    jobs_.push_back(std::move(job));
    jobs_.back()->place = std::prev(jobs_.end());
    if (idle_ >= jobs_.size()) {
        wake_.notify_one();
    } else if (threads_.size() < options_.max_threads) {
        try {
            spawn();
        } catch (const std::system_error& error) {
            // With no thread at all the job would wait for ever; else the others get to it.
            if (threads_.empty()) {
                jobs_.pop_back();
                return error.code();
            }
        } catch (...) {
            jobs_.pop_back();
            throw;
        }
    }
    return {};
}

bool PoolCore::cancel(const std::shared_ptr<JobCore>& job) {
    JobList cancelled;
    {
        const auto lock = enter("cancel()");
        if (job->state != JobCore::State::queued) {
            return false;
        }
        job->state = JobCore::State::cancelled;
        cancelled.splice(cancelled.end(), jobs_, job->place);
        job->queue->begin();
    }
    job->work.reset();
    job->queue->finish(cancelled);
    return true;
}

void PoolCore::cancel_all(const QueueCore* queue) {
    JobList cancelled;
    {
        const std::lock_guard lock(mutex_);
        for (auto at = jobs_.begin(); at != jobs_.end();) {
            const auto job = at++;
            if (queue == nullptr || (*job)->queue.get() == queue) {
                (*job)->state = JobCore::State::cancelled;
                (*job)->queue->begin();
                cancelled.splice(cancelled.end(), jobs_, job);
            }
        }
    }
    while (!cancelled.empty()) {
        JobCore& job = *cancelled.front();
        job.work.reset();
        job.queue->finish(cancelled);
    }
}

std::error_code PoolCore::set_limits(std::size_t min_threads, std::size_t max_threads) {
    if (max_threads == 0 || min_threads > max_threads) {
        return std::make_error_code(std::errc::invalid_argument);
    }
    const auto lock = enter("set_limits()");
    const std::size_t wanted = std::min(max_threads, std::max(min_threads, threads_.size() - idle_ + jobs_.size()));
    try {
        while (threads_.size() < wanted && !is_stopping_) {
            spawn();
        }
    } catch (const std::system_error& error) {
        return error.code();
    } catch (const std::bad_alloc&) {
        return std::make_error_code(std::errc::not_enough_memory);
    }
    // Last: after an error the old ones stand, and threads too many go when they have been idle.
    options_.min_threads = min_threads;
    options_.max_threads = max_threads;
    wake_.notify_all();
    return {};
}

void PoolCore::set_queue_limit(std::size_t queue_limit) {
    const auto lock = enter("set_queue_limit()");
    options_.queue_limit = queue_limit;
}

void PoolCore::set_idle_life(std::chrono::milliseconds idle_life) {
    const auto lock = enter("set_idle_life()");
    options_.idle_life = idle_life;
    wake_.notify_all();
}

ThreadPoolOptions PoolCore::options() const {
    const auto lock = enter("options()");
    return options_;
}

std::size_t PoolCore::threads() const {
    const auto lock = enter("threads()");
    return threads_.size();
}

std::size_t PoolCore::queued() const {
    const auto lock = enter("queued()");
    return jobs_.size();
}

void PoolCore::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
        wake_.notify_all();
    }
    cancel_all(nullptr);
    std::list<std::thread> ended;
    {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return threads_.empty(); });
        ended.swap(ended_);
    }
    for (std::thread& thread : ended) {
        thread.join();
    }
}

bool PoolCore::wait_for_job(std::unique_lock<std::mutex>& lock) {
    // What is added to the time of day must not overflow.
    constexpr std::chrono::milliseconds longest_wait = std::chrono::hours(24 * 365);
    while (!is_stopping_ && threads_.size() <= options_.max_threads) {
        if (!jobs_.empty()) {
            return true;
        }
        ++idle_;
        const std::cv_status status = wake_.wait_for(lock, std::min(options_.idle_life, longest_wait));
        --idle_;
        if (status == std::cv_status::timeout && jobs_.empty() && threads_.size() > options_.min_threads) {
            return false;
        }
    }
    return false;
}

void PoolCore::work() {
    os::name_this_thread(name_);
    std::unique_lock lock(mutex_);
    while (wait_for_job(lock)) {
        JobList taken;
        taken.splice(taken.end(), jobs_, jobs_.begin());
        JobCore& job = *taken.front();
        job.state = JobCore::State::taken;
        job.queue->begin();
        lock.unlock();
        job.work();
        job.work.reset();
        job.queue->finish(taken);
        lock.lock();
    }
    leave_thread();
}

void PoolCore::leave_thread() {
    const auto self = std::find_if(threads_.begin(), threads_.end(), [](const std::thread& thread) {
        return thread.get_id() == std::this_thread::get_id();
    });
    ended_.splice(ended_.end(), threads_, self);
    wake_.notify_all();
}

}  // namespace async

ThreadPool::ThreadPool(ThreadPoolOptions options) : core_(std::make_shared<async::PoolCore>(std::move(options))) {
    core_->start();
}

ThreadPool::~ThreadPool() {
    if (core_->is_inherited()) {
        os::forget(std::move(core_));
        return;
    }
    core_->stop();
}

std::size_t ThreadPool::threads() const {
    return core_->threads();
}
std::size_t ThreadPool::queued() const {
    return core_->queued();
}
std::error_code ThreadPool::set_limits(std::size_t min_threads, std::size_t max_threads) {
    return core_->set_limits(min_threads, max_threads);
}
void ThreadPool::set_queue_limit(std::size_t queue_limit) {
    core_->set_queue_limit(queue_limit);
}
void ThreadPool::set_idle_life(std::chrono::milliseconds idle_life) {
    core_->set_idle_life(idle_life);
}
ThreadPoolOptions ThreadPool::options() const {
    return core_->options();
}

}  // namespace nestling
