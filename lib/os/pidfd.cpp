// SPDX-License-Identifier: MIT
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "os/child_process.hpp"

namespace nestling::os {

OwnedFd open_process(pid_t pid, std::error_code& error) noexcept {
    // The C library has no function for it before 2.36.
    OwnedFd fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (!fd) {
        error.assign(errno, std::generic_category());
    }
    return fd;
}

}  // namespace nestling::os
