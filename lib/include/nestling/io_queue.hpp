// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include <nestling/annotations.hpp>
#include <nestling/callback.hpp>
#include <nestling/context.hpp>
#include <nestling/io_operation.hpp>
#include <nestling/thread_pool.hpp>

namespace nestling {

namespace async {
class IoCore;
struct IoNode;
}  // namespace async

/// Who carries operations out.
enum class IoEngine : std::uint8_t {
    /// Obeys the environment variable NESTLING_IO (`io_uring` or `threads`), else takes io_uring where it can be had.
    automatic,
    io_uring,
    /// Files in a thread pool, everything else by waiting for descriptors. The results are the same.
    threads,
};

struct IoQueueOptions {
    IoEngine engine = IoEngine::automatic;
    /// How many operations one system call can hand to the kernel. More may be in flight. A chain must not be longer.
    unsigned entries = 128;
    /// For the engine of threads, which else makes one of its own when it first needs one.
    std::shared_ptr<ThreadPool> pool;
    /// Must outlive the queue, usually a literal.
    const char* name = "io queue";
};

/// One operation of a chain.
struct IoStep {
    IoOperation operation;
    Callback<void(IoResult)> done;
};

/// A request that was started, or a chain of them. While it lives, nobody else ends the request.
class NESTLING_API IoRequest {
public:
    /// Any thread. An empty handle.
    IoRequest() noexcept = default;
    IoRequest(IoRequest&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
    IoRequest& operator=(IoRequest&& other) noexcept {
        std::swap(node_, other.node_);
        IoRequest old(std::move(other));
        return *this;
    }
    IoRequest(const IoRequest&) = delete;
    IoRequest& operator=(const IoRequest&) = delete;
    /// Home thread. Cancels what has not ended, and waits until the kernel or a thread of the pool has let go of the
    /// buffers: a read from a disk that does not answer is waited for. `done` is not called any more, and is destroyed
    /// before this returns (in its own call: right after that). Calls no other callback meanwhile.
    ~IoRequest() {
        if (node_ != nullptr) {
            drop();
        }
    }

    [[nodiscard]] explicit operator bool() const noexcept { return node_ != nullptr; }
    /// Home thread. True until `done` is called for the last time; of a chain, until the last one's is.
    [[nodiscard]] bool is_pending() const noexcept;

    /// Home thread. Asks for an early end. `done` is called all the same, once, later: with ECANCELED, or with what the
    /// operation came to if that was first. Of a chain, all that is left. O(1), for a chain O(length).
    void cancel() noexcept;
    /// Home thread. Empties the handle; the request goes on and `done` will be called.
    void detach() noexcept;

private:
    friend class IoQueue;
    explicit IoRequest(async::IoNode* node) noexcept : node_(node) {}
    void drop() noexcept;

    async::IoNode* node_ = nullptr;
};

/// Operations on files, sockets and time whose results come to a context's home thread. Works on every context,
/// whatever its monitor and whoever drives it.
///
/// Operations that are started in one iteration are handed to the kernel together, before the loop sleeps. There is no
/// order between requests but in a chain. `done` may start, cancel and destroy requests, wait for others in a nested
/// poll(), throw (see ContextOptions::on_exception) and destroy the queue.
class NESTLING_API IoQueue {
public:
    /// Any thread. Throws std::system_error when the engine that was asked for cannot be had, when descriptors run out,
    /// or, for NESTLING_IO with another value, EINVAL; std::bad_alloc.
    explicit IoQueue(Context& context, const IoQueueOptions& options = {});
    /// Home thread, or any while there is none. Cancels everything and waits as ~IoRequest does. Callbacks that have
    /// not been called are destroyed here. Handles of requests may live on, and do nothing.
    ~IoQueue();
    IoQueue(const IoQueue&) = delete;
    IoQueue& operator=(const IoQueue&) = delete;

    // ---- Any thread ----

    /// Any thread. As start() and detach(), by the home thread. Throws std::bad_alloc; nothing is started then.
    void post(IoOperation operation, Callback<void(IoResult)> done);
    /// Any thread. Never `automatic`.
    [[nodiscard]] IoEngine engine() const noexcept;
    /// Any thread. One line for people: why this engine.
    [[nodiscard]] const std::string& engine_reason() const noexcept;

    // ---- Home thread ----

    /// Home thread. `done`, which may be empty, is called on the home thread, never before this has returned. Throws
    /// std::bad_alloc; nothing is started then. Allocates nothing when as many requests were pending before. O(1).
    [[nodiscard]] IoRequest start(IoOperation operation, Callback<void(IoResult)> done);
    /// Home thread. As start() for several operations, each of which begins when the one before it has succeeded. A
    /// failure, and a read or write that is shorter than asked for, ends the chain: the rest get ECANCELED. All get
    /// E2BIG if there are more than `entries` steps. Takes the steps away, and leaves them as they are if it throws.
    [[nodiscard]] IoRequest start_chain(std::span<IoStep> steps);
    /// Home thread. Hands over what was started now, rather than in the next iteration. Calls no `done`.
    void flush();
    /// Home thread. Requests whose `done` has not been called for the last time.
    [[nodiscard]] std::size_t pending() const;

private:
    async::IoCore* core_;
};

}  // namespace nestling
