// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/bottom_half.hpp>
#include <nestling/signals.hpp>

#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

#include "os/fork_guard.hpp"

namespace nestling::async {

/// One that wants signals: what has come for it, and how it is told.
class SignalListener {
public:
    SignalListener(const sigset_t& signals, SignalForm form) noexcept : signals_(signals), form_(form) {}
    SignalListener(const SignalListener&) = delete;
    SignalListener& operator=(const SignalListener&) = delete;

protected:
    ~SignalListener() = default;

    [[nodiscard]] SignalForm signal_form() const noexcept { return form_; }
    /// Scheduled when something has come. Made before the hub knows this, and then the hub's until it forgets it.
    BottomHalf told_;

private:
    friend class SignalHub;
    const sigset_t signals_;
    const SignalForm form_;
    std::uintptr_t thread_ = 0;
    // Under the hub's mutex.
    std::deque<SignalInfo> arrived_;
};

/// Who wants which signal in this process, and what that has changed in the masks of threads. A signal is taken from
/// the kernel once, by whatever loop is first, so each has to be told by the others.
class SignalHub {
public:
    /// Any thread. A forked child begins with an empty one.
    static SignalHub& of_process();

    SignalHub(const SignalHub&) = delete;
    SignalHub& operator=(const SignalHub&) = delete;

    /// The home thread of `listener`: blocks its signals there, or for a handler unblocks them.
    void add(SignalListener& listener);
    /// Any thread. Afterwards nobody tells it anything. On the thread that added it, masks are as before if no other
    /// listener of that thread needs them. Nothing if the hub does not know it.
    void remove(SignalListener& listener) noexcept;
    /// Any thread. Gives `info` to all that want it.
    void tell(const SignalInfo& info);
    /// Any thread. What has come for `listener` first; it is told again as long as there is more. False if there is
    /// nothing, or the listener was removed.
    bool take(SignalListener& listener, SignalInfo& info) noexcept;

private:
    /// What listeners of one thread have made of one signal.
    struct Masked {
        std::uintptr_t thread;
        int number;
        unsigned users;
        bool was_blocked;
    };

    explicit SignalHub(const SignalHub* inherited) noexcept : inherited_(inherited) {}
    void mask(const SignalListener& listener, int number);
    void unmask(const SignalListener& listener, int number) noexcept;

    std::mutex mutex_;
    std::vector<SignalListener*> listeners_;
    std::vector<Masked> masked_;
    os::ForkGuard fork_;
    /// Its mutex may be held for ever by a thread that is not here. Kept, so that it does not look lost.
    [[maybe_unused]] const SignalHub* const inherited_;
};

}  // namespace nestling::async
