// SPDX-License-Identifier: MIT
#include "os/this_thread.hpp"

#include <pthread.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace nestling::os {

void name_this_thread(const std::string& name) noexcept {
    constexpr std::size_t longest = 15;
    ::pthread_setname_np(::pthread_self(), name.substr(0, longest).c_str());
}

long system_thread_id() noexcept {
    return ::syscall(SYS_gettid);
}

void use_precise_timeouts() noexcept {
    ::prctl(PR_SET_TIMERSLACK, 1UL);
}

}  // namespace nestling::os
