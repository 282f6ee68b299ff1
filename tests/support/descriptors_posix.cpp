// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

#include "support/descriptors.hpp"

namespace nestling::testing {

void close_descriptor(int fd) noexcept {
    ::close(fd);
}

std::ptrdiff_t read_some(int fd, std::span<char> buffer) noexcept {
    return ::read(fd, buffer.data(), buffer.size());
}

std::ptrdiff_t write_some(int fd, std::span<const char> bytes) noexcept {
    return ::write(fd, bytes.data(), bytes.size());
}

Ends::Ends(Kind kind) {
    int fds[2] = {-1, -1};
    const int failed = kind == Kind::pipe ? ::pipe2(fds, O_CLOEXEC | O_NONBLOCK)
                                          : ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds);
    if (failed != 0) {
        throw std::runtime_error("no descriptors for the test");
    }
    near_ = Descriptor(fds[0]);
    far_ = Descriptor(fds[1]);
}

void Ends::put(char letter) const {
    if (write_some(far(), {&letter, 1}) != 1) {
        throw std::runtime_error("the test's own descriptor fails");
    }
}

}  // namespace nestling::testing
