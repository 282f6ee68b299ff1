// SPDX-License-Identifier: MIT
#pragma once

#include <initializer_list>
#include <memory>

#include <nestling/annotations.hpp>
#include <nestling/callback.hpp>
#include <nestling/context.hpp>
#include <nestling/signals.hpp>

namespace nestling {

/// Signals of the process as callbacks of a context.
///
/// Every other thread must have the signals blocked, or the system may give them to that thread, with their usual
/// effect: make a BlockedSignals in main() before the first thread is started. The watch blocks them in its own.
///
/// Standard signals do not queue: several of one kind that come before the loop looks are one. Real-time signals queue,
/// in order. A signal that several watches have, in one context or in many, is given to each of them. Whatever thread
/// the signal is sent to counts only if it is the home thread of a watch: send signals to the process. Signals that a
/// thread causes by a fault (SIGSEGV, SIGBUS, SIGFPE, SIGILL) cannot be received so.
///
/// A child process inherits what is blocked, through exec() too: see docs/how-to/operation.md for how to start one.
class NESTLING_API SignalWatch {
public:
    /// Any thread. An empty watch.
    SignalWatch() noexcept;
    /// Home thread. `callback` runs on the home thread, once for each signal that is received. `name` must outlive the
    /// watch, usually a literal. Throws std::system_error: EINVAL for what is no signal, SIGKILL and SIGSTOP; EMFILE,
    /// ENFILE, ENOMEM; and std::bad_alloc.
    SignalWatch(Context& context, std::initializer_list<int> signals, const char* name,
                Callback<void(const SignalInfo&)> callback);
    SignalWatch(SignalWatch&& other) noexcept;
    SignalWatch& operator=(SignalWatch&& other) noexcept;
    SignalWatch(const SignalWatch&) = delete;
    SignalWatch& operator=(const SignalWatch&) = delete;
    /// Any thread. At home no callback runs afterwards; elsewhere one that is running is not waited for. On the thread
    /// that made it, signals that no other watch of that thread has are blocked or not as before; one that is pending
    /// has its usual effect then.
    ~SignalWatch();

    [[nodiscard]] explicit operator bool() const noexcept { return state_ != nullptr; }
    /// Any thread. Of a watch that is not empty.
    [[nodiscard]] SignalForm form() const noexcept;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace nestling
