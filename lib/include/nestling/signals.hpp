// SPDX-License-Identifier: MIT
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <cstdint>
#include <initializer_list>

#include <nestling/annotations.hpp>

namespace nestling {

/// What the system tells of a signal. What it does not tell is 0.
struct SignalInfo {
    int number = 0;  ///< SIGTERM and so on
    int code = 0;    ///< si_code: SI_USER, SI_QUEUE, SI_KERNEL, CLD_EXITED ...
    pid_t pid = 0;   ///< who sent it; of SIGCHLD, the child
    uid_t uid = 0;   ///< the sender's user
    int status = 0;  ///< of SIGCHLD: the exit code or the signal
    int fd = -1;     ///< of SIGIO: the descriptor, where the system tells it
    int value = 0;   ///< what sigqueue() was given
};

/// How a SignalWatch receives signals.
enum class SignalForm : std::uint8_t {
    signalfd,  ///< a descriptor of the kernel; the signals are blocked and never interrupt anything
    handler,   ///< a signal handler that writes into a pipe, where the kernel has no signalfd
};

/// Blocks signals in the calling thread for as long as it lives: threads that are started meanwhile inherit that. Make
/// it in main(), before the first thread, with all signals that a SignalWatch will have.
class NESTLING_API BlockedSignals {
public:
    /// Any thread. Throws std::system_error EINVAL for what is no signal, SIGKILL and SIGSTOP.
    explicit BlockedSignals(std::initializer_list<int> signals);
    BlockedSignals(const BlockedSignals&) = delete;
    BlockedSignals& operator=(const BlockedSignals&) = delete;
    /// The same thread. Unblocks those of the set that were not blocked before. One that is pending has its usual
    /// effect then.
    ~BlockedSignals();

private:
    sigset_t unblocked_before_;
};

}  // namespace nestling
