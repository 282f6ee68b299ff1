// SPDX-License-Identifier: MIT
#include "os/descriptor_state.hpp"
#include "os/windows.hpp"

namespace nestling::os {

bool is_open(int fd) noexcept {
    DWORD flags = 0;
    return ::GetHandleInformation(handle_of(fd), &flags) != 0;
}

bool has_events(int fd, std::uint32_t events) noexcept {
    WSAPOLLFD look{};
    look.fd = socket_of(fd);
    look.events = static_cast<short>((events & 0x001U) != 0 ? POLLRDNORM : 0);
    look.events = static_cast<short>(look.events | ((events & 0x004U) != 0 ? POLLWRNORM : 0));
    // Of a handle that is no socket nobody can ask without taking its signal.
    return ::WSAPoll(&look, 1, 0) > 0 && (look.revents & POLLNVAL) == 0;
}

}  // namespace nestling::os
