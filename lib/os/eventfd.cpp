// SPDX-License-Identifier: MIT
#include <sys/eventfd.h>

#include <cerrno>

#include "os/notifier_fds.hpp"

namespace nestling::os {

NotifierFds create_eventfd(std::error_code& error) noexcept {
    NotifierFds fds{OwnedFd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), OwnedFd()};
    if (!fds.read) {
        error.assign(errno, std::generic_category());
    }
    return fds;
}

}  // namespace nestling::os
