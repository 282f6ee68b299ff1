// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/thread_pool.hpp>

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>

#include "async/io_backend.hpp"
#include "async/io_node.hpp"

namespace nestling::async {

/// Carries out operations on files in the threads of a pool. A job of the pool takes one request after the other, so a
/// full pool refuses jobs and never requests.
class IoWorkers {
public:
    IoWorkers(Context& context, IoHost& host, std::shared_ptr<ThreadPool> pool, const char* name);
    IoWorkers(const IoWorkers&) = delete;
    IoWorkers& operator=(const IoWorkers&) = delete;

    // ---- Home thread ----

    enum class Started : std::uint8_t {
        yes,
        not_now,  ///< the pool is full, or there is no memory or no thread: to be tried again
    };
    /// Takes all of `fresh` and sees to it that somebody gets to it.
    Started start(IoWorkList& fresh);
    /// True if no thread has taken `node`, and none ever will.
    [[nodiscard]] bool take_back(IoNode& node) noexcept;
    /// What has been carried out; the result is in the node.
    void take_finished(IoWorkList& nodes) noexcept;
    [[nodiscard]] bool has_finished() const noexcept;
    /// True if requests wait and nobody is going to get to them.
    [[nodiscard]] bool is_stuck() const noexcept;
    /// Sleeps until something has finished, or for some milliseconds.
    void wait() noexcept;

private:
    void work() noexcept;
    void job_ended(const Outcome<void>& outcome) noexcept;
    [[nodiscard]] Started add_job();
    [[nodiscard]] bool wants_job() const noexcept;

    static constexpr std::size_t most_jobs = 8;
    /// Then other users of the pool get their turn.
    static constexpr int most_in_a_row = 64;

    Context& context_;
    IoHost& host_;
    std::shared_ptr<ThreadPool> pool_;
    const char* name_;

    mutable std::mutex mutex_;
    std::condition_variable has_finished_;
    IoWorkList waiting_;
    IoWorkList finished_;
    /// Jobs that are going to look at `waiting_` again.
    std::size_t jobs_ = 0;

    /// Last: it waits for the jobs.
    std::optional<WorkQueue> queue_;
};

}  // namespace nestling::async
