// SPDX-License-Identifier: MIT
#include <unistd.h>

#include "os/owned_fd.hpp"

namespace nestling::os {

void close_descriptor(int fd) noexcept {
    ::close(fd);
}

}  // namespace nestling::os
