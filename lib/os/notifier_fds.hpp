// SPDX-License-Identifier: MIT
#pragma once

#include <system_error>

#include "os/owned_fd.hpp"

namespace nestling::os {

/// The ends of an EventNotifier. With an eventfd, one descriptor serves as both and `write` is empty.
struct NotifierFds {
    OwnedFd read;
    OwnedFd write;
};

/// Non-blocking and close-on-exec. On failure sets `error`: ENOSYS where the system has no such thing.
NotifierFds create_eventfd(std::error_code& error) noexcept;
NotifierFds create_pipe(std::error_code& error) noexcept;

}  // namespace nestling::os
