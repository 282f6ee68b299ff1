// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <memory>

#include "os/windows.hpp"

namespace nestling::os {

/// A wait for one handle by the system's thread pool, which has no limit of handles. Each time it is armed it tells
/// once: it marks what it was given, and sets an event.
class PoolWait {
public:
    /// Marks `any` when take() has something, and sets `event` after that. Null if the system refuses.
    static std::unique_ptr<PoolWait> create(HANDLE handle, std::atomic<bool>& any, HANDLE event) noexcept;
    PoolWait(const PoolWait&) = delete;
    PoolWait& operator=(const PoolWait&) = delete;
    /// Waits for a call that is under way; one that comes later touches nothing.
    ~PoolWait();

    /// One thread at a time. Does nothing if it is armed. Takes the signal of a handle that gives each to one wait.
    void arm() noexcept;
    /// True once for each time that the handle was signalled.
    [[nodiscard]] bool take() noexcept;

private:
    PoolWait(HANDLE handle, std::atomic<bool>& any, HANDLE event) noexcept;
    class Living;

    static void CALLBACK called(PTP_CALLBACK_INSTANCE instance, void* nothing, PTP_WAIT wait, TP_WAIT_RESULT result);
    void tell() noexcept;

    const HANDLE handle_;
    std::atomic<bool>& any_;
    const HANDLE event_;
    std::atomic<bool> signalled_{false};
    bool is_armed_ = false;
    PTP_WAIT wait_;
};

/// Whether a wait for `handle` leaves it signalled, as far as the system tells: it does so of events.
bool stays_signalled(HANDLE handle) noexcept;

}  // namespace nestling::os
