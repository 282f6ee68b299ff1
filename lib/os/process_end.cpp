// SPDX-License-Identifier: MIT
#include <sys/wait.h>

#include <cerrno>

#include "os/child_process.hpp"

namespace nestling::os {

namespace {

/// P_PIDFD, which the C library may not know yet.
constexpr auto by_descriptor = static_cast<idtype_t>(3);

int wait_quickly(idtype_t type, id_t id, siginfo_t& info) noexcept {
    int result = -1;
    do {
        info = {};
        result = ::waitid(type, id, &info, WEXITED | WNOHANG);
    } while (result != 0 && errno == EINTR);
    return result;
}

}  // namespace

ProcessEnd take_process_end(pid_t pid, int process) noexcept {
    siginfo_t info;
    int result = -1;
    if (process >= 0) {
        result = wait_quickly(by_descriptor, static_cast<id_t>(process), info);
    }
    if (process < 0 || (result != 0 && errno == EINVAL)) {
        // A kernel that has such descriptors and cannot wait for them is Linux 5.3.
        result = wait_quickly(P_PID, static_cast<id_t>(pid), info);
    }
    if (result != 0) {
        return {ProcessEnd::Kind::unknown, 0};
    }
    if (info.si_pid == 0) {
        return {ProcessEnd::Kind::running, 0};
    }
    switch (info.si_code) {
        case CLD_EXITED:
            return {ProcessEnd::Kind::exited, info.si_status};
        case CLD_DUMPED:
            return {ProcessEnd::Kind::dumped, info.si_status};
        default:
            return {ProcessEnd::Kind::killed, info.si_status};
    }
}

}  // namespace nestling::os
