// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/event_notifier.hpp>

#include <atomic>

#include "loop/reporter.hpp"
#include "os/fork_guard.hpp"
#include "os/probes.hpp"
#include "sync/counter.hpp"

namespace nestling::loop {

/// The event that wakes one context, as the wake protocol sees it.
class WakeEvent {
public:
    WakeEvent(NotifierKind kind, const Reporter& reporter) : reporter_(reporter), notifier_(kind) {}

    /// Any thread, signal-safe.
    void set() noexcept {
        if (fork_.in_child()) {
            reporter_.die("", "notified in a forked child: this would wake the parent's loop");
        }
        writes_.add_one();
        if (os::probes::are_wanted()) {
            os::probes::wake_written(reporter_.context_name().c_str());
        }
        notifier_.set();
    }

    /// The same event for notify(), whose writes are counted apart: they carry no publication.
    class ForNotify {
    public:
        explicit ForNotify(WakeEvent& event) noexcept : event_(event) {}
        void set() noexcept {
            event_.notify_writes_.add_one();
            event_.set();
        }

    private:
        WakeEvent& event_;
    };

    /// Home thread. An event that the monitor reports by edges is never drained, because each write is an edge of its
    /// own, unless an outer loop polls it.
    void drain() const noexcept {
        if (needs_drain_ || is_polled_alone()) {
            notifier_.test_and_clear();
        }
    }

    /// Before the context is used.
    void report_by_edges() noexcept { needs_drain_ = false; }

    /// Under the mutex of the set of descriptors, but for its end, which is the home thread's: an outer loop polls the
    /// event itself and none of the others.
    void poll_alone() noexcept {
        // RELAXED who changes the set sees it by that mutex; the home thread only drains for it.
        polled_alone_.store(true, std::memory_order_relaxed);
    }
    void poll_in_set() noexcept {
        // RELAXED who still sees the opposite notifies once too often.
        polled_alone_.store(false, std::memory_order_relaxed);
    }
    /// Any thread.
    [[nodiscard]] bool is_polled_alone() const noexcept {
        // RELAXED as poll_alone() and poll_in_set().
        return polled_alone_.load(std::memory_order_relaxed);
    }

    [[nodiscard]] const EventNotifier& notifier() const noexcept { return notifier_; }
    [[nodiscard]] std::uint64_t writes() const noexcept { return writes_.get(); }
    [[nodiscard]] std::uint64_t notify_writes() const noexcept { return notify_writes_.get(); }
    [[nodiscard]] const os::ForkGuard& fork() const noexcept { return fork_; }

private:
    const Reporter& reporter_;
    EventNotifier notifier_;
    os::ForkGuard fork_;
    bool needs_drain_ = true;
    std::atomic<bool> polled_alone_{false};
    sync::SharedCounter writes_;
    sync::SharedCounter notify_writes_;
};

}  // namespace nestling::loop
