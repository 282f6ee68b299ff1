// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <system_error>
#include <vector>

#include "fdmon/fd_monitor.hpp"
#include "loop/budget.hpp"
#include "loop/callback_stack.hpp"
#include "loop/fd_node.hpp"
#include "loop/fd_ready_list.hpp"
#include "loop/retired_list.hpp"
#include "os/fork_guard.hpp"

namespace nestling::loop {

/// The fd handlers of one context, found by descriptor in O(1), and those among them that are ready.
class FdTable {
public:
    FdTable(fdmon::FdMonitor& monitor, CallbackStack& stack, const Reporter& reporter,
            const os::ForkGuard& fork) noexcept
        : monitor_(monitor), stack_(stack), reporter_(reporter), fork_(fork), ready_(stack, mutex_) {}
    FdTable(const FdTable&) = delete;
    FdTable& operator=(const FdTable&) = delete;
    ~FdTable();

    // ---- Any thread. What they change may need a notify() by the caller: see needs_notify(). ----

    std::error_code add(FdNode& node, Interest interest);
    std::error_code replace(FdNode& old, FdNode& fresh);
    std::error_code watch(FdNode& node, Interest interest);
    /// Whatever is wanted, the monitor does not watch it until unmute().
    void mute(FdNode& node) noexcept;
    void unmute(FdNode& node) noexcept;
    /// The node is gone for the monitor, and retired: the home thread frees it in reap().
    void remove(FdNode& node) noexcept;
    std::size_t report_closed();
    /// A descriptor of the context itself. Its events have generation 0. Throws std::system_error.
    void add_internal(int fd, fdmon::Trigger trigger);
    /// Calls `function` while the set cannot change. Who changes it afterwards sees what that has done.
    template <class Function>
    void with_set(Function function) {
        const std::lock_guard lock(mutex_);
        function();
    }
    [[nodiscard]] bool needs_notify() const noexcept { return !monitor_.set_is_live() || monitor_.always_ready(); }

    /// True, once, after the first handler has come where there was none.
    [[nodiscard]] bool take_first() noexcept {
        // RELAXED who has set it takes it, if nobody else has; what hangs on it is told by a notify().
        return has_first_.load(std::memory_order_relaxed) && has_first_.exchange(false, std::memory_order_relaxed);
    }

    // ---- Home thread ----

    /// Home thread, or in with_set(). True if the monitor has nothing but the event of the context.
    [[nodiscard]] bool has_only_event() const noexcept { return internal_.size() == 1 && !needs_look(); }
    /// True if a wait without sleep could find something.
    [[nodiscard]] bool needs_look() const noexcept {
        // RELAXED whoever adds a handler on another thread notifies, or the next wait sees it.
        return active_count_.load(std::memory_order_relaxed) != 0;
    }
    [[nodiscard]] bool has_hooks() const noexcept {
        // RELAXED as needs_look().
        return hooked_count_.load(std::memory_order_relaxed) != 0;
    }
    /// Asks every `poll` hook. True if one of them said yes.
    bool ask_hooks();
    [[nodiscard]] bool is_asking_hooks() const noexcept { return is_asking_; }
    /// Marks the handlers that `ready` names. Events of the context's own descriptors stay for the caller: those with
    /// generation 0.
    void collect(const std::vector<fdmon::Ready>& ready);
    [[nodiscard]] bool has_ready() const noexcept { return !ready_.empty(); }
    [[nodiscard]] const FdReadyList& ready() const noexcept { return ready_; }
    /// Runs the callbacks of what is marked, including what an outer iteration has left. True on progress.
    bool run(const Budget& budget) noexcept { return ready_.run(budget); }
    /// Another thread may be waiting for reap(): nobody may sleep before that.
    [[nodiscard]] bool has_retired() const noexcept { return !retired_.empty(); }
    /// Frees what was removed and is not running.
    void reap();
    [[nodiscard]] std::uint64_t run_count() const noexcept { return ready_.run_count(); }

private:
    /// What is told of a closed descriptor. A copy: once the mutex is let go, another thread may destroy the handler.
    struct ClosedFd {
        explicit ClosedFd(const FdNode& node) : handle(node.name), fd(node.fd()) {}
        std::string handle;
        int fd;
    };

    [[nodiscard]] FdNode* at(std::uint32_t fd) const noexcept { return fd < slots_.size() ? slots_[fd] : nullptr; }
    std::error_code enter(FdNode& node, Interest interest);
    /// True if the descriptor turns out to have been closed, which nobody knew yet.
    [[nodiscard]] bool leave(FdNode& node) noexcept;
    /// Under the mutex, before retire().
    static void mark_removed(FdNode& node) noexcept;
    void retire(FdNode& node) noexcept;
    void make_room_for_hook(const FdNode& node);
    void count(const FdNode& node, int step) noexcept;
    [[nodiscard]] std::error_code rebuild(std::vector<ClosedFd>& closed);
    bool poll_hook_says_yes(FdNode& node) noexcept;
    void report(const ClosedFd& closed) const;

    fdmon::FdMonitor& monitor_;
    CallbackStack& stack_;
    const Reporter& reporter_;
    const os::ForkGuard& fork_;

    // Under the mutex.
    mutable std::mutex mutex_;
    std::vector<FdNode*> slots_;
    std::vector<fdmon::Registration> internal_;
    std::vector<FdNode*> hooked_;
    std::uint32_t last_generation_ = 0;

    // Written under the mutex, read by the home thread without it.
    std::atomic<std::size_t> active_count_{0};
    std::atomic<std::size_t> hooked_count_{0};
    std::atomic<bool> has_first_{false};
    RetiredList<FdNode> retired_;

    // Home thread.
    FdReadyList ready_;
    bool is_asking_ = false;
    bool has_complained_ = false;
};

}  // namespace nestling::loop
