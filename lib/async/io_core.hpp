// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/bottom_half.hpp>
#include <nestling/io_queue.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <string>

#include "async/io_backend.hpp"
#include "async/io_node.hpp"
#include "async/io_pool.hpp"
#include "os/fork_guard.hpp"

namespace nestling::async {

/// The requests of one queue on their way to the engine and back. Lives until the queue and all handles are gone.
class IoCore final : private IoHost {
public:
    using Done = Callback<void(IoResult)>;

    IoCore(Context& context, const IoQueueOptions& options);
    IoCore(const IoCore&) = delete;
    IoCore& operator=(const IoCore&) = delete;

    // ---- Any thread ----

    void post(IoOperation&& operation, Done&& done);
    [[nodiscard]] IoEngine engine() const noexcept { return choice_.engine; }
    [[nodiscard]] const std::string& engine_reason() const noexcept { return choice_.reason; }

    // ---- Home thread ----

    [[nodiscard]] IoNode* start(IoOperation&& operation, Done&& done);
    [[nodiscard]] IoNode* start_chain(std::span<IoStep> steps);
    void flush();
    [[nodiscard]] std::size_t pending() const;
    [[nodiscard]] static bool is_pending(const IoNode& node) noexcept;
    void cancel(IoNode& node) noexcept;
    /// The handle goes, and with it the request.
    void drop(IoNode& node) noexcept;
    /// The handle goes; the request goes on.
    void detach(IoNode& node) noexcept;
    /// The queue goes. Nothing is called any more.
    void close() noexcept;

private:
    class Use;
    class Call;

    ~IoCore();
    void release() noexcept;

    // What an engine asks for.
    void completed(IoNode& node, IoResult result) noexcept override;
    void completed_once(IoNode& node, IoResult result) override;
    void again(IoNode& node) noexcept override;
    void run() override { pump(); }
    void wake() noexcept override { pump_.schedule(); }

    // On the way to the engine.
    void prepare(IoNode& node, IoOperation&& operation, Done&& done) noexcept;
    /// Home thread. pump() runs in the next iteration.
    void list_pump() noexcept {
        if (!is_pump_listed_) {
            is_pump_listed_ = true;
            pump_.schedule();
        }
    }
    void enqueue(IoNode& node) noexcept;
    /// Ends `node` before it has begun.
    void refuse(IoNode& node, int error) noexcept;
    void take_posted() noexcept;
    void submit();

    // On the way back.
    void pump();
    void reap();
    void deliver();
    void deliver_result(IoNode& record);
    void deliver_last(IoNode& node);
    void end_call(IoNode& node) noexcept;
    void settle() noexcept;

    // Ends.
    void end(IoNode& node) noexcept;
    void cancel_one(IoNode& node) noexcept;
    void drop_one(IoNode& node) noexcept;
    void wait_until_let_go(IoNode& node) noexcept;
    void discard(IoNode& node) noexcept;
    void discard_all(IoList& list) noexcept;
    void leave_chain(IoNode& node) noexcept;
    void retire(IoNode& node) noexcept;

    loop::ContextCore& core_;
    const os::ForkGuard fork_;

    // Under the mutex.
    mutable std::mutex mutex_;
    IoList posted_;
    /// For those who post, so that they need not allocate.
    IoList spare_;
    /// Written under the mutex: whether it is worth locking.
    std::atomic<bool> has_posted_{false};

    // Home thread.
    BottomHalf pump_;
    IoChoice choice_;
    IoPool nodes_;
    IoList queued_;
    IoList in_flight_;
    IoList paused_;
    IoList ready_;
    std::size_t pending_ = 0;
    /// The queue, handles, and what runs.
    std::size_t uses_ = 1;
    /// The engine could not take everything.
    bool is_refused_ = false;
    bool is_submitting_ = false;
    /// If so, it is scheduled; else it may be, by another thread.
    bool is_pump_listed_ = false;
    bool is_closed_ = false;
};

}  // namespace nestling::async
