// SPDX-License-Identifier: MIT
#include "os/ring.hpp"

#include <liburing.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace nestling::os {

namespace {

// What liburing 2.3 does not know yet.
constexpr unsigned feature_no_iowait = 1U << 17;
constexpr unsigned enter_no_iowait = 1U << 7;
constexpr unsigned cancel_user_data = 1U << 4;

/// The most that a kernel may offer, and less for older ones. Without cooperation it interrupts the thread for each
/// completion; without the flag nobody would know that it waits for the thread to come.
constexpr unsigned least_setup = IORING_SETUP_CLAMP | IORING_SETUP_R_DISABLED;
constexpr unsigned wanted_setups[] = {
    least_setup | IORING_SETUP_SUBMIT_ALL | IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG,
    least_setup | IORING_SETUP_SUBMIT_ALL,
    least_setup,
};

__kernel_timespec to_kernel_timespec(std::int64_t timeout) noexcept {
    __kernel_timespec spec{};
    spec.tv_sec = timeout / 1'000'000'000;
    spec.tv_nsec = timeout % 1'000'000'000;
    return spec;
}

const char* why_not(int error) noexcept {
    switch (error) {
        case ENOSYS:
            return "the kernel has no io_uring";
        case EPERM:
            return "io_uring is forbidden here, as in many containers";
        case EINVAL:
            return "the kernel's io_uring is too old";
        default:
            return "io_uring cannot be set up";
    }
}

}  // namespace

void Ring::Freer::operator()(io_uring* ring) const noexcept {
    if (ring->ring_fd >= 0) {
        ::io_uring_queue_exit(ring);
    }
    delete ring;
}

std::unique_ptr<Ring> Ring::create(unsigned entries, Refusal& refusal) {
    // Without a descriptor, until the kernel has given one.
    Queues queues(new io_uring{});
    queues->ring_fd = -1;
    io_uring_params parameters{};
    int result = -EINVAL;
    for (const unsigned flags : wanted_setups) {
        io_uring fresh{};
        parameters = {};
        parameters.flags = flags;
        result = ::io_uring_queue_init_params(entries, &fresh, &parameters);
        if (result == 0) {
            *queues = fresh;
        }
        if (result != -EINVAL) {
            break;
        }
    }
    if (result != 0) {
        refusal = {result == -EINVAL ? ENOSYS : -result, why_not(-result)};
        return nullptr;
    }
    constexpr unsigned needed = IORING_FEAT_EXT_ARG | IORING_FEAT_NODROP;
    if ((parameters.features & needed) != needed) {
        refusal = {ENOSYS, why_not(EINVAL)};
        return nullptr;
    }
    return std::unique_ptr<Ring>(new Ring(std::move(queues), parameters.flags));
}

Ring::Ring(Queues queues, unsigned setup_flags) noexcept
    : queues_(std::move(queues)),
      is_disabled_((setup_flags & IORING_SETUP_R_DISABLED) != 0),
      // A thread that sleeps for completions is idle, not held up by a slow disk.
      wait_flags_((queues_->features & feature_no_iowait) != 0 ? enter_no_iowait : 0) {
    // Places and requests are the same here; liburing has not always said so before the first submission.
    for (unsigned at = 0; queues_->sq.array != nullptr && at < queues_->sq.ring_entries; ++at) {
        queues_->sq.array[at] = at;
    }
}

Ring::~Ring() = default;

int Ring::fd() const noexcept {
    return queues_->ring_fd;
}

int Ring::enable() noexcept {
    if (!is_disabled_) {
        return 0;
    }
    // liburing has a function of its own for it, and 2.3 forgot to export that.
    const int result =
        ::io_uring_register(static_cast<unsigned>(queues_->ring_fd), IORING_REGISTER_ENABLE_RINGS, nullptr, 0);
    is_disabled_ = result < 0;
    return result < 0 ? -result : 0;
}

io_uring_sqe* Ring::next(std::uint64_t user_data) noexcept {
    io_uring_sqe* request = ::io_uring_get_sqe(queues_.get());
    if (request != nullptr) {
        std::memset(request, 0, sizeof *request);
        request->user_data = user_data;
    }
    return request;
}

unsigned Ring::unsubmitted() const noexcept {
    return queues_->sq.sqe_tail - IO_URING_READ_ONCE(*queues_->sq.khead);
}

unsigned Ring::handed_out() const noexcept {
    return queues_->sq.sqe_tail;
}

bool Ring::has_begun(unsigned count) const noexcept {
    return static_cast<int>(io_uring_smp_load_acquire(queues_->sq.khead) - count) >= 0;
}

unsigned Ring::space_left() const noexcept {
    return queues_->sq.ring_entries - unsubmitted();
}

unsigned Ring::publish() noexcept {
    queues_->sq.sqe_head = queues_->sq.sqe_tail;
    // The kernel reads the requests after this.
    io_uring_smp_store_release(queues_->sq.ktail, queues_->sq.sqe_tail);
    return unsubmitted();
}

bool Ring::kernel_holds_completions() const noexcept {
    constexpr unsigned waits_for_us = IORING_SQ_CQ_OVERFLOW | IORING_SQ_TASKRUN;
    return (IO_URING_READ_ONCE(*queues_->sq.kflags) & waits_for_us) != 0;
}

bool Ring::needs_enter() const noexcept {
    return unsubmitted() != 0 || kernel_holds_completions();
}

bool Ring::has_completions() const noexcept {
    return io_uring_smp_load_acquire(queues_->cq.ktail) != *queues_->cq.khead;
}

int Ring::enter(unsigned least, std::int64_t timeout) noexcept {
    __kernel_timespec spec = to_kernel_timespec(timeout < 0 ? 0 : timeout);
    io_uring_getevents_arg argument{};
    argument.ts = timeout < 0 ? 0 : reinterpret_cast<std::uintptr_t>(&spec);
    unsigned flags = 0;
    if (least != 0) {
        flags = IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG | wait_flags_;
    }
    for (;;) {
        const unsigned count = publish();
        if (kernel_holds_completions()) {
            flags |= IORING_ENTER_GETEVENTS;
        }
        void* const extra = least != 0 ? &argument : nullptr;
        const std::size_t extra_size = least != 0 ? sizeof argument : 0;
        const int result = ::io_uring_enter2(static_cast<unsigned>(queues_->ring_fd), count, least, flags,
                                             static_cast<sigset_t*>(extra), extra_size);
        if (result == -ETIME || result == -EINTR) {
            return 0;
        }
        if (result < 0) {
            return -result;
        }
        // When not all were taken it has not waited; a request that is refused at once stops old kernels.
        if (static_cast<unsigned>(result) >= count || result == 0) {
            return static_cast<unsigned>(result) >= count ? 0 : EAGAIN;
        }
    }
}

int Ring::submit() noexcept {
    return needs_enter() ? enter(0, 0) : 0;
}

int Ring::submit_and_wait(std::int64_t timeout) noexcept {
    return timeout == 0 ? submit() : enter(1, timeout);
}

bool Ring::peek(Completion& completion) const noexcept {
    if (!has_completions()) {
        return false;
    }
    const io_uring_cq& queue = queues_->cq;
    const io_uring_cqe& entry = queue.cqes[*queue.khead & queue.ring_mask];
    completion = {entry.user_data, entry.res, entry.flags};
    return true;
}

std::size_t Ring::take(std::span<Completion> completions) noexcept {
    const io_uring_cq& queue = queues_->cq;
    const unsigned head = *queue.khead;
    const std::size_t ready = io_uring_smp_load_acquire(queue.ktail) - head;
    const std::size_t count = ready < completions.size() ? ready : completions.size();
    for (std::size_t at = 0; at < count; ++at) {
        const io_uring_cqe& entry = queue.cqes[(head + static_cast<unsigned>(at)) & queue.ring_mask];
        completions[at] = {entry.user_data, entry.res, entry.flags};
    }
    ::io_uring_cq_advance(queues_.get(), static_cast<unsigned>(count));
    return count;
}

int Ring::cancel_now(std::uint64_t user_data, int fd, std::int64_t timeout) noexcept {
    for (;;) {
        // RELAXED as can_match_fd().
        if (cannot_cancel_.load(std::memory_order_relaxed)) {
            return ENOSYS;
        }
        const bool match_fd = fd != any_fd && can_match_fd();
        io_uring_sync_cancel_reg request{};
        request.addr = user_data;
        request.fd = match_fd ? fd : any_fd;
        request.flags = match_fd ? IORING_ASYNC_CANCEL_FD | cancel_user_data : 0;
        request.timeout = timeout < 0 ? __kernel_timespec{-1, -1} : to_kernel_timespec(timeout);
        const int result = ::io_uring_register_sync_cancel(queues_.get(), &request);
        if (result == -EINTR) {
            continue;
        }
        if (result != -EINVAL) {
            return result < 0 ? -result : 0;
        }
        // RELAXED as can_match_fd().
        (match_fd ? cannot_match_fd_ : cannot_cancel_).store(true, std::memory_order_relaxed);
    }
}

void Ring::cancel_all() noexcept {
    // RELAXED as can_match_fd().
    if (cannot_cancel_.load(std::memory_order_relaxed)) {
        return;
    }
    io_uring_sync_cancel_reg request{};
    request.fd = any_fd;
    request.flags = IORING_ASYNC_CANCEL_ANY | IORING_ASYNC_CANCEL_ALL;
    static_cast<void>(::io_uring_register_sync_cancel(queues_.get(), &request));
}

}  // namespace nestling::os
