// SPDX-License-Identifier: MIT
#pragma once

#include <signal.h>

namespace nestling::testing {

/// Whether this thread has signal `number` blocked.
inline bool is_blocked(int number) {
    sigset_t now;
    ::pthread_sigmask(SIG_BLOCK, nullptr, &now);
    return ::sigismember(&now, number) == 1;
}

}  // namespace nestling::testing
