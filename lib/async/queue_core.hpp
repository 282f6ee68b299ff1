// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/bottom_half.hpp>

#include <condition_variable>
#include <memory>
#include <mutex>

#include "async/pool_core.hpp"

namespace nestling::async {

/// Brings jobs that have ended back to one context.
class QueueCore : public std::enable_shared_from_this<QueueCore> {
public:
    QueueCore(Context& context, std::shared_ptr<PoolCore> pool, const char* name)
        : core_(context.core()), pool_(std::move(pool)), deliver_(context, name, [this] { deliver(); }) {}
    QueueCore(const QueueCore&) = delete;
    QueueCore& operator=(const QueueCore&) = delete;

    [[nodiscard]] const std::shared_ptr<PoolCore>& pool() const noexcept { return pool_; }

    // ---- Any thread ----

    /// Somebody has taken a job of this queue, to run or to cancel it: close() waits for it.
    void begin();
    /// After begin(). The first of `jobs`, which is taken off, has ended or was cancelled.
    void finish(JobList& jobs) noexcept;

    // ---- Home thread ----

    /// After this nothing is delivered and nothing of this queue runs.
    void close();
    void count_submitted() noexcept { ++pending_; }
    [[nodiscard]] std::size_t pending() const noexcept { return pending_; }

private:
    void deliver();
    void take_finished();
    void settle();

    loop::ContextCore& core_;
    std::shared_ptr<PoolCore> pool_;

    std::mutex mutex_;
    std::condition_variable ended_;
    JobList finished_;
    std::size_t running_ = 0;
    bool is_closed_ = false;

    // Home thread.
    BottomHalf deliver_;
    JobList ready_;
    std::size_t pending_ = 0;
};

}  // namespace nestling::async
