// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/bottom_half.hpp>

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>

#include "async/pool_core.hpp"

namespace nestling::async {

/// Brings jobs that have ended back to one context.
class QueueCore : public std::enable_shared_from_this<QueueCore> {
public:
    enum class Begun : std::uint8_t { no, yes };

    QueueCore(Context& context, std::shared_ptr<PoolCore> pool, const char* name)
        : pool_(std::move(pool)), deliver_(context, name, [this] { deliver(); }) {}
    QueueCore(const QueueCore&) = delete;
    QueueCore& operator=(const QueueCore&) = delete;

    [[nodiscard]] const std::shared_ptr<PoolCore>& pool() const noexcept { return pool_; }

    // ---- Any thread ----

    /// A worker has taken a job of this queue: close() waits for it.
    void begin();
    /// `job` has ended, or was cancelled before it began.
    void finish(std::shared_ptr<JobCore> job, Begun begun);

    // ---- Home thread ----

    /// After this nothing is delivered and nothing of this queue runs.
    void close();
    void count_submitted() noexcept { ++pending_; }
    [[nodiscard]] std::size_t pending() const noexcept { return pending_; }

private:
    void deliver();
    bool take_finished();

    std::shared_ptr<PoolCore> pool_;

    std::mutex mutex_;
    std::condition_variable ended_;
    std::deque<std::shared_ptr<JobCore>> finished_;
    std::size_t running_ = 0;
    bool is_closed_ = false;

    // Home thread.
    BottomHalf deliver_;
    std::deque<std::shared_ptr<JobCore>> ready_;
    std::size_t pending_ = 0;
};

}  // namespace nestling::async
