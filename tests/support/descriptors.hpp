// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <utility>

namespace nestling::testing {

// Defined twice: for descriptors of POSIX, and for sockets of Windows, whose numbers do as descriptors there.

void close_descriptor(int fd) noexcept;
/// How many bytes were read or written; 0 at the end of what is read, -1 when it would block or fails. Of Ends only.
std::ptrdiff_t read_some(int fd, std::span<char> buffer) noexcept;
std::ptrdiff_t write_some(int fd, std::span<const char> bytes) noexcept;

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
    /// Gives it away.
    [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }
    void close() noexcept {
        if (fd_ != -1) {
            close_descriptor(std::exchange(fd_, -1));
        }
    }

private:
    int fd_ = -1;
};

/// Two connected ends, non-blocking, that hold bytes nobody asks about.
class Ends {
public:
    /// Where there are no pipes that a loop can watch, both are sockets.
    enum class Kind { pipe, socket };

    explicit Ends(Kind kind = Kind::pipe);

    /// The end to read from. Of a socket, either end does both.
    [[nodiscard]] int near() const noexcept { return near_.get(); }
    [[nodiscard]] int far() const noexcept { return far_.get(); }
    /// Makes near() readable.
    void put(char letter = 'x') const;
    /// Takes one byte from near().
    char take() const;
    /// Writes to far() until it takes no more. How many bytes that were.
    std::size_t fill() const;
    /// Takes all that is there from near(). How many bytes that were.
    std::size_t drain() const;
    void close_near() noexcept { near_.close(); }
    void close_far() noexcept { far_.close(); }

private:
    Descriptor near_;
    Descriptor far_;
};

}  // namespace nestling::testing
