// SPDX-License-Identifier: MIT
#include <memory>
#include <utility>

#include "async/queue_core.hpp"
#include "loop/context_core.hpp"
#include "loop/deferred_calls.hpp"
#include "os/forget.hpp"

namespace nestling {

namespace async {

void QueueCore::begin() {
    const std::lock_guard lock(mutex_);
    ++running_;
}

void QueueCore::finish(JobList& jobs) noexcept {
    const std::lock_guard lock(mutex_);
    if (--running_ == 0) {
        ended_.notify_all();
    }
    const bool first = finished_.empty();
    finished_.splice(finished_.end(), jobs, jobs.begin());
    if (first) {
        // Under the lock: close() destroys the bottom half.
        deliver_.schedule();
    }
}

void QueueCore::take_finished() {
    const std::lock_guard lock(mutex_);
    ready_.splice(ready_.end(), finished_);
}

void QueueCore::deliver() {
    // A completion may wait for another one in a nested poll(), may throw, and may destroy the queue: before each call
    // the rest is in reach of the next iteration (contracts F9.7, F15.5).
    const std::shared_ptr<QueueCore> self = shared_from_this();
    const loop::DeferredCalls::Section section(core_.deferred());
    take_finished();
    while (!is_closed_ && !ready_.empty()) {
        // Out of the job, to whose end somebody may hold on, perhaps in this very callback.
        Callback<void()> done = std::move(ready_.front()->done);
        ready_.pop_front();
        --pending_;
        if (!ready_.empty()) {
            deliver_.schedule();
        }
        done();
        if (core_.is_budget_used_up()) {
            return;
        }
    }
    if (!is_closed_) {
        settle();
    }
}

void QueueCore::settle() {
    // What has finished meanwhile waits for the next iteration, so that jobs without end do not starve the rest.
    const std::lock_guard lock(mutex_);
    deliver_.cancel();
    if (!finished_.empty()) {
        deliver_.schedule();
    }
}

void QueueCore::close() {
    pool_->cancel_all(this);
    {
        std::unique_lock lock(mutex_);
        ended_.wait(lock, [this] { return running_ == 0; });
        is_closed_ = true;
    }
    // Nothing is left that could still come in.
    ready_.splice(ready_.end(), finished_);
    while (!ready_.empty()) {
        const Callback<void()> dropped = std::move(ready_.front()->done);
        ready_.pop_front();
    }
    deliver_ = BottomHalf();
}

}  // namespace async

WorkQueue::WorkQueue(Context& context, const std::shared_ptr<ThreadPool>& pool, const char* name)
    : core_(std::make_shared<async::QueueCore>(context, pool->core_, name)) {}

WorkQueue::~WorkQueue() {
    if (core_->pool()->is_inherited()) {
        os::forget(std::move(core_));
        return;
    }
    core_->close();
}

std::error_code WorkQueue::submit_erased(Callback<void()> work, Callback<void()> done, Job* job) {
    auto core = std::make_shared<async::JobCore>();
    core->pool = core_->pool();
    core->queue = core_;
    core->work = std::move(work);
    core->done = std::move(done);
    if (const std::error_code error = core_->pool()->submit(core)) {
        return error;
    }
    core_->count_submitted();
    if (job != nullptr) {
        *job = Job(std::move(core));
    }
    return {};
}

std::size_t WorkQueue::pending() const noexcept {
    return core_->pending();
}

bool Job::cancel() noexcept {
    const std::shared_ptr<async::PoolCore> pool = core_ == nullptr ? nullptr : core_->pool.lock();
    return pool != nullptr && pool->cancel(core_);
}

}  // namespace nestling
