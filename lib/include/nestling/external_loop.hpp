// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <span>

#include <nestling/annotations.hpp>
#include <nestling/context.hpp>
#include <nestling/monitor.hpp>

namespace nestling {

/// What prepare() found.
struct Prepared {
    /// There is work: do not sleep, call dispatch().
    bool ready;
    /// How long the outer loop may sleep, rounded up by nobody; negative: without limit.
    std::chrono::nanoseconds timeout;
};

/// A context nested in another loop: the four steps that the outer loop calls on the home thread.
///
/// The order prepare, wait, check, dispatch is the usual one, not a rule: prepare may be repeated, check skipped,
/// dispatch may come without either, and Context::poll() may run between any two of them. A context nests in one loop
/// at a time.
class NESTLING_API ExternalLoop {
public:
    /// Any thread. Throws std::system_error EBUSY when the context is nested already.
    explicit ExternalLoop(Context& context);
    ExternalLoop(const ExternalLoop&) = delete;
    ExternalLoop& operator=(const ExternalLoop&) = delete;
    /// Any thread, when none of the steps is running. Only marks the context as detached.
    ~ExternalLoop();

    /// Home thread. Announces that the outer loop may be about to sleep, then looks for work. Idempotent.
    [[nodiscard]] Prepared prepare();
    /// Home thread, after prepare(). What to wait for. With epoll a single handle: the wake event while that is all
    /// there is, because it is cheaper to poll, and the epoll descriptor from the first fd handler or timer on. With
    /// the poll monitor one for each descriptor. Valid until the next prepare(). The outer loop writes revents.
    [[nodiscard]] std::span<PollHandle> polls() noexcept;
    /// Home thread. Changes whenever polls() has other contents than before.
    [[nodiscard]] std::uint64_t polls_version() const noexcept;
    /// Home thread, after a prepare() that was not ready. True if prepare() and check() may be left out until one of
    /// the handles is readable and dispatch() has run: nothing is to be asked before each wait, and no timeout to be
    /// kept. Meanwhile whatever the home thread publishes outside of dispatch() writes the wake event.
    [[nodiscard]] bool may_rest() const noexcept;
    /// Home thread. True if there is something to dispatch. Consumes nothing.
    [[nodiscard]] bool check();
    /// Home thread. Runs what is ready, whatever the steps before said; returns true on progress. With a positive
    /// `budget` it stops after the callback that exceeds it, and the next prepare() says ready.
    bool dispatch(std::chrono::nanoseconds budget = std::chrono::nanoseconds::zero());
    /// Home thread, in a callback that dispatch() runs: it runs no other one, nor do the dispatches around it. What is
    /// left stays for the next dispatch() or Context::poll(). Elsewhere nothing happens.
    void end_dispatch() noexcept;

private:
    loop::ContextCore& core_;
};

}  // namespace nestling
