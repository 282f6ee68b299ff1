// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "os/notifier_fds.hpp"

namespace nestling::os {

NotifierFds create_pipe(std::error_code& error) noexcept {
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
        error.assign(errno, std::generic_category());
    }
    return {OwnedFd(ends[0]), OwnedFd(ends[1])};
}

}  // namespace nestling::os
