// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/fd_handler.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "async/io_backend.hpp"
#include "os/ring.hpp"

namespace nestling::async {

/// Fills `entry` with what `node` is to do.
void fill_sqe(io_uring_sqe& entry, IoNode& node) noexcept;
/// Fills `entry` with a wait until the descriptor of `node` is ready for it.
void fill_wait(io_uring_sqe& entry, const IoNode& node) noexcept;
/// Fills `entry` with the end of the request that carries `user_data`.
void fill_cancel(io_uring_sqe& entry, std::uint64_t user_data) noexcept;
/// The next entry begins when this one has succeeded.
void link_to_next(io_uring_sqe& entry) noexcept;

/// Requests on a ring of the queue's own.
class IoUringBackend final : public IoBackend {
public:
    IoUringBackend(Context& context, IoHost& host, std::unique_ptr<os::Ring> ring, const char* name);

    Accepted submit(IoList& queued, IoList& in_flight) noexcept override;
    void reap() override;
    [[nodiscard]] bool has_ended() const noexcept override { return next_ != count_ || ring_->has_completions(); }
    [[nodiscard]] bool has_to_submit() const noexcept override { return ring_->unsubmitted() != 0; }
    [[nodiscard]] bool watch() noexcept override;
    void cancel(IoNode& node) noexcept override;
    void wait() noexcept override;
    void abandon() noexcept override { ring_.reset(); }

private:
    using Phase = IoNode::Phase;

    /// In the user data of what waits for the sake of a request.
    static constexpr std::uint64_t wait_mark = 1;

    enum class Sent : std::uint8_t { all, not_all };
    Sent send() noexcept;
    void begin_epoch() noexcept;
    [[nodiscard]] static std::size_t length_of(const IoNode& first) noexcept;
    void refuse(IoNode& first, IoList& queued, IoList& in_flight) noexcept;
    void hand_over(IoNode& node, IoList& queued, IoList& in_flight) noexcept;
    void ended(const os::Ring::Completion& completion);
    void work_ended(IoNode& node, const os::Ring::Completion& completion);
    [[nodiscard]] bool is_to_be_repeated(IoNode& node, std::int32_t value) const noexcept;
    void hold(IoNode& node) noexcept;
    void restart(IoNode& last) noexcept;
    void start_wait(IoNode& node) noexcept;
    void wait_ended(IoNode& node, std::int32_t value) noexcept;

    Context& context_;
    IoHost& host_;
    const char* name_;
    std::unique_ptr<os::Ring> ring_;
    unsigned entries_;
    bool is_enabled_ = false;
    std::uintptr_t thread_ = 0;
    std::uint32_t epoch_ = 0;
    /// Taken out of the ring, and not dealt with from `next_` on.
    std::array<os::Ring::Completion, 64> completions_;
    std::size_t count_ = 0;
    std::size_t next_ = 0;
    /// Last: it calls back. Made when there is something to wait for, because a watched ring costs the kernel time, and
    /// an outer loop another descriptor.
    FdHandler handler_;
};

}  // namespace nestling::async
