// SPDX-License-Identifier: MIT
#include "os/descriptor_state.hpp"

#include <fcntl.h>
#include <poll.h>

#include <cerrno>

namespace nestling::os {

bool is_open(int fd) noexcept {
    return ::fcntl(fd, F_GETFD) >= 0 || errno != EBADF;
}

bool has_events(int fd, std::uint32_t events) noexcept {
    pollfd look{fd, static_cast<short>(events), 0};
    int count = 0;
    do {
        count = ::poll(&look, 1, 0);
    } while (count < 0 && errno == EINTR);
    return count > 0 && (look.revents & POLLNVAL) == 0;
}

}  // namespace nestling::os
