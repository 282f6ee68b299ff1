// SPDX-License-Identifier: MIT
#pragma once

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>
#include <stdexcept>
#include <utility>

namespace nestling::testing {

/// Closes a descriptor at the end of its life.
class Descriptor {
public:
    Descriptor() noexcept = default;
    explicit Descriptor(int fd) noexcept : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Descriptor() { close(); }

    [[nodiscard]] int get() const noexcept { return fd_; }
    void close() noexcept {
        if (fd_ >= 0) {
            ::close(std::exchange(fd_, -1));
        }
    }

private:
    int fd_ = -1;
};

/// Two connected ends, non-blocking, that hold bytes nobody asks about.
class Ends {
public:
    enum class Kind { pipe, socket };

    explicit Ends(Kind kind = Kind::pipe) {
        int fds[2] = {-1, -1};
        const int failed = kind == Kind::pipe
                               ? ::pipe2(fds, O_CLOEXEC | O_NONBLOCK)
                               : ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds);
        if (failed != 0) {
            throw std::runtime_error("no descriptors for the test");
        }
        near_ = Descriptor(fds[0]);
        far_ = Descriptor(fds[1]);
    }

    /// The end to read from. Of a socket, either end does both.
    [[nodiscard]] int near() const noexcept { return near_.get(); }
    [[nodiscard]] int far() const noexcept { return far_.get(); }
    /// Makes near() readable.
    void put() const { check(::write(far_.get(), "x", 1) == 1); }
    /// Takes one byte from near().
    void take() const {
        char byte = 0;
        check(::read(near_.get(), &byte, 1) == 1);
    }
    void close_near() noexcept { near_.close(); }
    void close_far() noexcept { far_.close(); }

private:
    static void check(bool good) {
        if (!good) {
            throw std::runtime_error("the test's own descriptor fails");
        }
    }

    Descriptor near_;
    Descriptor far_;
};

}  // namespace nestling::testing
