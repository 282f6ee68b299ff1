// SPDX-License-Identifier: MIT
#include "async/io_workers.hpp"

#include <chrono>
#include <new>
#include <system_error>
#include <utility>

#include "async/io_blocking.hpp"

namespace nestling::async {

IoWorkers::IoWorkers(Context& context, IoHost& host, std::shared_ptr<ThreadPool> pool, const char* name)
    : context_(context), host_(host), pool_(std::move(pool)), name_(name) {}

bool IoWorkers::wants_job() const noexcept {
    const std::lock_guard lock(mutex_);
    return jobs_ < most_jobs && jobs_ < waiting_.size();
}

IoWorkers::Started IoWorkers::start(IoWorkList& fresh) {
    {
        const std::lock_guard lock(mutex_);
        for (IoNode* node = fresh.first(); node != nullptr; node = node->work_next) {
            node->work = IoNode::Work::waiting;
        }
        waiting_.append(fresh);
    }
    Started started = Started::yes;
    while (started == Started::yes && wants_job()) {
        try {
            started = add_job();
        } catch (const std::bad_alloc&) {
            started = Started::not_now;
        } catch (const std::system_error&) {
            started = Started::not_now;
        }
    }
    // One is enough to get to all of them.
    return is_stuck() ? Started::not_now : Started::yes;
}

IoWorkers::Started IoWorkers::add_job() {
    if (pool_ == nullptr) {
        ThreadPoolOptions options;
        options.name = name_;
        options.max_threads = most_jobs;
        pool_ = std::make_shared<ThreadPool>(options);
    }
    if (!queue_) {
        queue_.emplace(context_, pool_, name_);
    }
    {
        const std::lock_guard lock(mutex_);
        ++jobs_;
    }
    std::error_code error = std::make_error_code(std::errc::not_enough_memory);
    try {
        error = queue_->submit([this] { work(); }, [this](const Outcome<void>& outcome) { job_ended(outcome); });
    } catch (...) {
        const std::lock_guard lock(mutex_);
        --jobs_;
        throw;
    }
    if (!error) {
        return Started::yes;
    }
    const std::lock_guard lock(mutex_);
    --jobs_;
    return Started::not_now;
}

void IoWorkers::work() noexcept {
    std::unique_lock lock(mutex_);
    for (int count = 0; count < most_in_a_row; ++count) {
        IoNode* const node = waiting_.pop_front();
        if (node == nullptr) {
            break;
        }
        node->work = IoNode::Work::taken;
        lock.unlock();
        const std::int32_t value = perform_blocking(node->operation.fields());
        lock.lock();
        node->work = IoNode::Work::finished;
        node->result = {value, 0};
        const bool is_first = finished_.empty();
        finished_.push_back(*node);
        if (is_first) {
            // Under the lock: nobody destroys the queue meanwhile.
            host_.wake();
            has_finished_.notify_one();
        }
    }
    --jobs_;
}

void IoWorkers::job_ended(const Outcome<void>& outcome) noexcept {
    if (outcome.cancelled()) {
        const std::lock_guard lock(mutex_);
        --jobs_;
    }
    // What it has left needs another one.
    if (is_stuck()) {
        host_.wake();
    }
}

bool IoWorkers::take_back(IoNode& node) noexcept {
    const std::lock_guard lock(mutex_);
    if (node.work != IoNode::Work::waiting) {
        return false;
    }
    node.work = IoNode::Work::none;
    waiting_.remove(node);
    return true;
}

void IoWorkers::take_finished(IoWorkList& nodes) noexcept {
    const std::lock_guard lock(mutex_);
    nodes.append(finished_);
}

bool IoWorkers::has_finished() const noexcept {
    const std::lock_guard lock(mutex_);
    return !finished_.empty();
}

bool IoWorkers::is_stuck() const noexcept {
    const std::lock_guard lock(mutex_);
    return jobs_ == 0 && !waiting_.empty();
}

void IoWorkers::wait() noexcept {
    constexpr std::chrono::milliseconds patience(10);
    std::unique_lock lock(mutex_);
    has_finished_.wait_for(lock, patience, [this] { return !finished_.empty(); });
}

}  // namespace nestling::async
