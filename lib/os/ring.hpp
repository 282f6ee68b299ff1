// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

struct io_uring;
struct io_uring_sqe;

namespace nestling::os {

/// A pair of queues shared with the kernel: requests go in, completions come out (io_uring). Whoever fills requests
/// includes liburing.h.
///
/// One thread at a time uses it, but for cancel_now(). Requests belong to the thread that submits them: on it they make
/// progress, and most of them fail with ECANCELED after it has ended.
class Ring {
public:
    /// Why there is no ring.
    struct Refusal {
        int error = 0;
        /// A literal.
        const char* why = "";
    };

    struct Completion {
        std::uint64_t user_data;
        /// What the request came to, or a negative errno.
        std::int32_t result;
        std::uint32_t flags;
    };

    /// Any thread. Null, with `refusal` filled in, when the build has no io_uring (ENOSYS), when the kernel has none or
    /// one that is too old (ENOSYS), when it is forbidden (EPERM), and when descriptors or memory run out. `entries` is
    /// rounded up to a power of two; there is room for twice as many completions, and more wait in the kernel.
    [[nodiscard]] static std::unique_ptr<Ring> create(unsigned entries, Refusal& refusal);
    Ring(const Ring&) = delete;
    Ring& operator=(const Ring&) = delete;
    /// Requests that have not completed are cancelled, some time afterwards.
    ~Ring();

    /// Any thread. Readable while there are completions.
    [[nodiscard]] int fd() const noexcept;

    /// On the thread that is going to submit, before anything else below. Returns 0 or an errno.
    int enable() noexcept;

    /// A request to fill in, all zero but for its `user_data`; null when the queue is full. The functions of liburing
    /// that prepare requests leave `user_data` alone.
    [[nodiscard]] io_uring_sqe* next(std::uint64_t user_data) noexcept;
    /// How many more next() has room for.
    [[nodiscard]] unsigned space_left() const noexcept;
    /// How many the kernel has not taken yet.
    [[nodiscard]] unsigned unsubmitted() const noexcept;
    /// The number of requests that next() has handed out, as it goes round.
    [[nodiscard]] unsigned handed_out() const noexcept;
    /// Any thread. True if the kernel has begun all of the first `count`, a number of handed_out().
    [[nodiscard]] bool has_begun(unsigned count) const noexcept;

    /// Hands what is queued to the kernel. Returns 0, or the errno of the call: what was not taken stays queued, and
    /// the same call may succeed later (EAGAIN, EBUSY, ENOMEM). Also collects the completions that wait in the kernel.
    int submit() noexcept;
    /// The same, and sleeps until there is a completion, at most `timeout` nanoseconds, without limit if negative.
    /// A signal ends the sleep; so look at the completions. EBADR: the kernel had no memory for a completion and lost
    /// it.
    int submit_and_wait(std::int64_t timeout) noexcept;

    /// True if submit() would do something: requests are queued here, or completions wait in the kernel.
    [[nodiscard]] bool needs_enter() const noexcept;
    [[nodiscard]] bool has_completions() const noexcept;
    /// The oldest completion; false if there is none. It stays until it is taken. No system call.
    [[nodiscard]] bool peek(Completion& completion) const noexcept;
    /// Takes completions out, the oldest first, and returns how many. No system call.
    std::size_t take(std::span<Completion> completions) noexcept;

    /// Any thread. Whether cancel_now() obeys `fd`, as far as is known: Linux 6.6 and later do.
    [[nodiscard]] bool can_match_fd() const noexcept {
        // RELAXED what one call has learned of the kernel saves others a call, no more.
        return !cannot_match_fd_.load(std::memory_order_relaxed);
    }
    static constexpr int any_fd = -1;
    /// Any thread. Cancels the request with this `user_data`: 0 if there was one, ENOENT if there is none, or no
    /// longer, ENOSYS before Linux 6.0. With `fd`, only if it is a request for the file that this is now; EBADF if it
    /// is none. (Before Linux 6.6 any request with this `user_data` counts, and EBADF is not told.) Waits, at most
    /// `timeout` nanoseconds (ETIME), for one that is being carried out. The completion comes as that of any other
    /// request. Of a request that this thread has submitted, nothing is left in the kernel when this returns; another
    /// thread that has submitted it lets go of it when it enters the kernel.
    int cancel_now(std::uint64_t user_data, int fd = any_fd, std::int64_t timeout = -1) noexcept;
    /// Any thread, if no other is about to fill requests. Cancels all requests that the kernel has, where it can do so
    /// at once (Linux 6.0), and does not wait for those that are being carried out. Called before the destructor by the
    /// thread that has submitted them, it leaves nothing for later: without it, another thread of the kernel would let
    /// go of their files some time afterwards.
    void cancel_all() noexcept;

private:
    struct Freer {
        void operator()(io_uring* ring) const noexcept;
    };
    using Queues = std::unique_ptr<io_uring, Freer>;

    Ring(Queues queues, unsigned setup_flags) noexcept;
    /// Returns 0 or an errno. `least`: sleep until there are so many completions.
    int enter(unsigned least, std::int64_t timeout) noexcept;
    /// Makes the kernel see what was filled in; returns how many requests that are.
    unsigned publish() noexcept;
    [[nodiscard]] bool kernel_holds_completions() const noexcept;

    Queues queues_;
    bool is_disabled_;
    unsigned wait_flags_;
    /// What the kernel is known not to have.
    std::atomic<bool> cannot_cancel_{false};
    std::atomic<bool> cannot_match_fd_{false};
};

}  // namespace nestling::os
