// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/io_queue.hpp>

#include <cstdint>
#include <memory>
#include <string>

#include "async/io_node.hpp"

namespace nestling::async {

/// Where an engine brings what has become of requests.
class IoHost {
public:
    /// `node`, which was in flight, has come to its end.
    virtual void completed(IoNode& node, IoResult result) noexcept = 0;
    /// `node` has a result and will have others: it stays in flight, but for poll_each. Throws std::bad_alloc; then
    /// nothing was taken.
    virtual void completed_once(IoNode& node, IoResult result) = 0;
    /// `node`, which was in flight, must be handed over again.
    virtual void again(IoNode& node) noexcept = 0;
    /// In a callback of the loop: there is something to reap().
    virtual void run() = 0;
    /// Any thread. The same, in the next iteration.
    virtual void wake() noexcept = 0;

protected:
    ~IoHost() = default;
};

/// What carries requests out: an engine. Home thread, but for what the engine does on threads of its own.
class IoBackend {
public:
    IoBackend() = default;
    IoBackend(const IoBackend&) = delete;
    IoBackend& operator=(const IoBackend&) = delete;
    virtual ~IoBackend() = default;

    enum class Accepted : std::uint8_t {
        all,
        /// The rest must be offered again, and nothing will say when.
        not_all,
    };
    /// Moves requests from `queued` to `in_flight`, in order, a chain as a whole.
    virtual Accepted submit(IoList& queued, IoList& in_flight) noexcept = 0;
    /// Tells the host what has ended. Calls no callback of a user. Throws std::bad_alloc; nothing is lost then.
    virtual void reap() = 0;
    /// Something is in flight: sees to it that the host is run when it ends. False if that cannot be.
    [[nodiscard]] virtual bool watch() noexcept { return true; }
    /// True if reap() would find something.
    [[nodiscard]] virtual bool has_ended() const noexcept = 0;
    /// True if submit() would do something although nothing is queued.
    [[nodiscard]] virtual bool has_to_submit() const noexcept = 0;
    /// Asks for the end of `node`, which is in flight and marked as cancelled. May complete it at once.
    virtual void cancel(IoNode& node) noexcept = 0;
    /// Sleeps until something has ended, or for some milliseconds.
    virtual void wait() noexcept = 0;
    /// In a forked child: forgets everything, and touches nothing that is shared with the parent.
    virtual void abandon() noexcept {}
};

/// An engine, or why there is none.
struct IoChoice {
    std::unique_ptr<IoBackend> backend;
    IoEngine engine;
    std::string reason;
};

}  // namespace nestling::async
