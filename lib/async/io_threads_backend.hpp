// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>

#include "async/io_backend.hpp"
#include "async/io_workers.hpp"

namespace nestling::async {

/// Requests without io_uring: files in a thread pool, descriptors that say when they are ready by handlers of the
/// context, times by its timers.
class IoThreadsBackend final : public IoBackend {
public:
    IoThreadsBackend(Context& context, IoHost& host, const IoQueueOptions& options);

    Accepted submit(IoList& queued, IoList& in_flight) noexcept override;
    void reap() override;
    [[nodiscard]] bool has_ended() const noexcept override { return workers_->has_finished(); }
    [[nodiscard]] bool has_to_submit() const noexcept override { return workers_->is_stuck(); }
    void cancel(IoNode& node) noexcept override;
    void wait() noexcept override { workers_->wait(); }
    void abandon() noexcept override { static_cast<void>(workers_.release()); }

private:
    using Phase = IoNode::Phase;
    /// No result: it has been begun, and something will tell.
    static constexpr std::int32_t begun = -200'000;

    void refuse(IoNode& first) noexcept;
    /// Begins `node`; when it ends at once, what comes after it in its chain as well.
    void run(IoNode& node) noexcept;
    [[nodiscard]] std::int32_t begin(IoNode& node) noexcept;
    [[nodiscard]] std::int32_t attempt_or_wait(IoNode& node) noexcept;
    [[nodiscard]] std::int32_t accept_others(IoNode& node, std::int32_t first) noexcept;
    [[nodiscard]] std::int32_t tell_once(IoNode& node, std::int32_t value) noexcept;
    [[nodiscard]] std::int32_t wait_for_descriptor(IoNode& node) noexcept;
    [[nodiscard]] std::int32_t wait_for_time(IoNode& node) noexcept;
    void descriptor_ready(IoNode& node);
    void time_passed(IoNode& node);
    static void stop_waiting(IoNode& node) noexcept;
    /// Tells that `node` has ended. Returns the next one of its chain if that is to begin.
    [[nodiscard]] IoNode* finish(IoNode& node, std::int32_t value) noexcept;
    void finish_and_go_on(IoNode& node, std::int32_t value) noexcept;
    Accepted start_workers() noexcept;

    Context& context_;
    IoHost& host_;
    const char* name_;
    unsigned entries_;
    /// For the workers, in one go.
    IoWorkList fresh_;
    std::unique_ptr<IoWorkers> workers_;
};

}  // namespace nestling::async
