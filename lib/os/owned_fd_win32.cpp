// SPDX-License-Identifier: MIT
#include "os/owned_fd.hpp"
#include "os/windows.hpp"

namespace nestling::os {

void close_descriptor(int fd) noexcept {
    // Of sockets the library owns none.
    ::CloseHandle(handle_of(fd));
}

}  // namespace nestling::os
