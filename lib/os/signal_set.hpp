// SPDX-License-Identifier: MIT
#pragma once

#include <signal.h>

#include <initializer_list>

namespace nestling::os {

inline constexpr int signal_limit = 65;

/// Throws std::system_error EINVAL for what is no signal, SIGKILL and SIGSTOP.
sigset_t signal_set(std::initializer_list<int> signals);

inline bool has_signal(const sigset_t& set, int number) noexcept {
    return ::sigismember(&set, number) == 1;
}

/// Blocks or unblocks one signal in this thread. Returns whether it was blocked.
bool set_blocked(int number, int how) noexcept;

}  // namespace nestling::os
