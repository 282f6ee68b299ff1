// SPDX-License-Identifier: MIT
#include "async/io_blocking.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>

namespace nestling::async {

namespace {

[[nodiscard]] ssize_t transfer(const IoOperation::Fields& fields) noexcept {
    const bool reads = fields.kind == IoKind::read || fields.kind == IoKind::readv;
    const bool has_parts = fields.kind == IoKind::readv || fields.kind == IoKind::writev;
    const iovec whole{const_cast<void*>(fields.address), fields.length};
    const iovec* const parts = has_parts ? static_cast<const iovec*>(fields.address) : &whole;
    const int count = has_parts ? static_cast<int>(fields.length) : 1;
    const auto call = [&](off_t offset) {
        return reads ? ::preadv2(fields.fd, parts, count, offset, 0) : ::pwritev2(fields.fd, parts, count, offset, 0);
    };
    constexpr off_t own_position = -1;
    const ssize_t result = call(static_cast<off_t>(fields.offset));
    // What has no positions ignores them.
    return result < 0 && errno == ESPIPE ? call(own_position) : result;
}

/// As io_uring does it: a named pipe is opened without waiting for its other end.
[[nodiscard]] int open_file(const IoOperation::Fields& fields) noexcept {
    const char* const path = static_cast<const char*>(fields.address);
    const int flags = static_cast<int>(fields.flags);
    const bool may_create = (flags & (O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY))) != 0;
    if (may_create || (flags & (O_NONBLOCK | O_PATH)) != 0) {
        return ::openat(fields.fd, path, flags, static_cast<mode_t>(fields.mode));
    }
    const int fd = ::openat(fields.fd, path, flags | O_NONBLOCK);
    if (fd < 0) {
        return errno == EAGAIN ? ::openat(fields.fd, path, flags) : fd;
    }
    const int now = ::fcntl(fd, F_GETFL);
    ::fcntl(fd, F_SETFL, now & ~O_NONBLOCK);
    return fd;
}

[[nodiscard]] ssize_t perform_once(const IoOperation::Fields& fields) noexcept {
    const int flags = static_cast<int>(fields.flags);
    const char* const path = static_cast<const char*>(fields.address);
    switch (fields.kind) {
        case IoKind::read:
        case IoKind::write:
        case IoKind::readv:
        case IoKind::writev:
            return transfer(fields);
        case IoKind::fsync:
            return fields.flags != 0 ? ::fdatasync(fields.fd) : ::fsync(fields.fd);
        case IoKind::openat:
            return open_file(fields);
        case IoKind::statx:
            return ::statx(fields.fd, path, flags, fields.mode, static_cast<struct ::statx*>(fields.result));
        case IoKind::connect:
            return ::connect(fields.fd, static_cast<const sockaddr*>(fields.address), fields.length);
        default:
            errno = EOPNOTSUPP;
            return -1;
    }
}

}  // namespace

std::int32_t perform_blocking(const IoOperation::Fields& fields) noexcept {
    for (;;) {
        const ssize_t result = perform_once(fields);
        if (result >= 0) {
            return static_cast<std::int32_t>(result);
        }
        if (errno != EINTR) {
            return -errno;
        }
    }
}

}  // namespace nestling::async
