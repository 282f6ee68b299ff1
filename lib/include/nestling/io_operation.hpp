// SPDX-License-Identifier: MIT
#pragma once

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <system_error>
#include <utility>

#include <nestling/annotations.hpp>
#include <nestling/callback.hpp>

struct io_uring_sqe;
struct statx;

namespace nestling {

/// What became of an operation, as the kernel says it: a number that is not negative, or a negative errno.
struct IoResult {
    std::int32_t value = 0;
    std::uint32_t flags = 0;

    /// In `flags`: this is not the last result of the request. (As IORING_CQE_F_MORE.)
    static constexpr std::uint32_t more_flag = 2;

    /// Any thread.
    [[nodiscard]] bool ok() const noexcept { return value >= 0; }
    /// Any thread. No error if ok().
    [[nodiscard]] std::error_code error() const noexcept {
        return ok() ? std::error_code() : std::error_code(-value, std::system_category());
    }
    /// Any thread. True if this request will have further results.
    [[nodiscard]] bool more() const noexcept { return (flags & more_flag) != 0; }
};

enum class IoKind : std::uint8_t {
    nop,
    read,
    write,
    readv,
    writev,
    fsync,
    openat,
    statx,
    accept,
    accept_each,
    connect,
    send,
    recv,
    timeout,
    poll,
    poll_each,
    sqe,
};

/// What an IoQueue is to do. Made by the functions of nestling::io, moved, and used once.
///
/// It points at buffers, paths and addresses and owns none of them. These must stay, as must the descriptor, until the
/// request has ended: its `done` is called for the last time, or its IoRequest or its queue is destroyed.
class IoOperation {
public:
    /// What the operation needs; `kind` says what each of them means.
    struct Fields {
        IoKind kind = IoKind::nop;
        int fd = -1;
        std::uint32_t length = 0;
        std::uint32_t flags = 0;
        std::uint32_t mode = 0;
        const void* address = nullptr;
        void* result = nullptr;
        std::uint64_t offset = 0;
    };

    /// Any thread. Does nothing, successfully.
    IoOperation() noexcept = default;
    /// Any thread. For the functions of nestling::io.
    explicit IoOperation(const Fields& fields) noexcept : fields_(fields) {}
    IoOperation(const Fields& fields, Callback<void(io_uring_sqe&)> fill) noexcept
        : fields_(fields), fill_(std::move(fill)) {}

    /// Any thread.
    [[nodiscard]] IoKind kind() const noexcept { return fields_.kind; }
    /// For the parts of this library. Not for users; no stable meaning.
    [[nodiscard]] Fields& fields() noexcept { return fields_; }
    [[nodiscard]] const Fields& fields() const noexcept { return fields_; }
    [[nodiscard]] Callback<void(io_uring_sqe&)>& fill() noexcept { return fill_; }

private:
    Fields fields_;
    Callback<void(io_uring_sqe&)> fill_;
};

/// The operations. Any thread. Where a function says nothing else, the result is that of the system call of its name.
/// They are the same on every engine: an interrupted call is repeated (never EINTR), and a non-blocking descriptor that
/// is not ready is waited for (EAGAIN only with MSG_DONTWAIT).
namespace io {

/// For `offset`: where the file's own position is, which moves on. The only choice for sockets and pipes, which
/// ignore every other.
inline constexpr std::uint64_t current_position = ~std::uint64_t{0};

/// What fsync() is to bring to the disk.
enum class Sync : std::uint8_t { everything, data };

namespace detail {
/// The kernel moves no more than this in one call.
inline std::uint32_t limited(std::size_t length) noexcept {
    constexpr std::size_t most = 0x7ffff000;
    return static_cast<std::uint32_t>(std::min(length, most));
}
inline IoOperation::Fields fields(IoKind kind, int fd = -1) noexcept {
    IoOperation::Fields result;
    result.kind = kind;
    result.fd = fd;
    return result;
}
inline IoOperation transfer(IoKind kind, int fd, const void* address, std::uint32_t length, std::uint64_t offset,
                            int flags = 0) noexcept {
    IoOperation::Fields result = fields(kind, fd);
    result.address = address;
    result.length = length;
    result.offset = offset;
    result.flags = static_cast<std::uint32_t>(flags);
    return IoOperation(result);
}
}  // namespace detail

/// How many bytes were read: fewer than asked for at the end of a file, 0 there.
inline IoOperation read(int fd, std::span<std::byte> into, std::uint64_t offset = current_position) noexcept {
    return detail::transfer(IoKind::read, fd, into.data(), detail::limited(into.size()), offset);
}
inline IoOperation write(int fd, std::span<const std::byte> from, std::uint64_t offset = current_position) noexcept {
    return detail::transfer(IoKind::write, fd, from.data(), detail::limited(from.size()), offset);
}
/// The array of parts must stay as well.
inline IoOperation readv(int fd, std::span<const iovec> into, std::uint64_t offset = current_position) noexcept {
    return detail::transfer(IoKind::readv, fd, into.data(), detail::limited(into.size()), offset);
}
inline IoOperation writev(int fd, std::span<const iovec> from, std::uint64_t offset = current_position) noexcept {
    return detail::transfer(IoKind::writev, fd, from.data(), detail::limited(from.size()), offset);
}
inline IoOperation fsync(int fd, Sync what = Sync::everything) noexcept {
    IoOperation::Fields fields = detail::fields(IoKind::fsync, fd);
    fields.flags = what == Sync::data ? 1 : 0;
    return IoOperation(fields);
}
/// The result is a descriptor. It is closed when nobody is left to be told of it.
inline IoOperation openat(int directory, const char* path, int flags, unsigned mode = 0) noexcept {
    IoOperation::Fields fields = detail::fields(IoKind::openat, directory);
    fields.address = path;
    fields.flags = static_cast<std::uint32_t>(flags);
    fields.mode = mode;
    return IoOperation(fields);
}
inline IoOperation statx(int directory, const char* path, int flags, unsigned mask, struct ::statx* into) noexcept {
    IoOperation::Fields fields = detail::fields(IoKind::statx, directory);
    fields.address = path;
    fields.flags = static_cast<std::uint32_t>(flags);
    fields.mode = mask;
    fields.result = into;
    return IoOperation(fields);
}
/// The result is a descriptor. It is closed when nobody is left to be told of it. `flags` as accept4(2) has them.
inline IoOperation accept(int fd, sockaddr* address = nullptr, socklen_t* length = nullptr, int flags = 0) noexcept {
    IoOperation::Fields fields = detail::fields(IoKind::accept, fd);
    fields.address = address;
    fields.result = length;
    fields.flags = static_cast<std::uint32_t>(flags);
    return IoOperation(fields);
}
/// As accept(), for one connection after the other, each with a result of its own, until it is cancelled or fails.
inline IoOperation accept_each(int fd, int flags = 0) noexcept {
    IoOperation::Fields fields = detail::fields(IoKind::accept_each, fd);
    fields.flags = static_cast<std::uint32_t>(flags);
    return IoOperation(fields);
}
/// The result is 0 when the connection stands.
inline IoOperation connect(int fd, const sockaddr* address, socklen_t length) noexcept {
    IoOperation::Fields fields = detail::fields(IoKind::connect, fd);
    fields.address = address;
    fields.length = length;
    return IoOperation(fields);
}
/// Never raises SIGPIPE. With MSG_WAITALL in `flags`, all of it is sent before the result comes, unless an error stops
/// it.
inline IoOperation send(int fd, std::span<const std::byte> from, int flags = 0) noexcept {
    return detail::transfer(IoKind::send, fd, from.data(), detail::limited(from.size()), 0, flags);
}
inline IoOperation recv(int fd, std::span<std::byte> into, int flags = 0) noexcept {
    return detail::transfer(IoKind::recv, fd, into.data(), detail::limited(into.size()), 0, flags);
}
/// The result is 0, and comes when `delay` has passed since the start.
inline IoOperation timeout(std::chrono::nanoseconds delay) noexcept {
    IoOperation::Fields fields = detail::fields(IoKind::timeout);
    fields.offset = static_cast<std::uint64_t>(std::max<std::int64_t>(delay.count(), 0));
    return IoOperation(fields);
}
/// Waits until the descriptor is ready for one of `events`: POLLIN, POLLOUT or both, else EINVAL. The result is what it
/// is ready for, which may also be POLLERR or POLLHUP.
inline IoOperation poll(int fd, short events) noexcept {
    IoOperation::Fields fields = detail::fields(IoKind::poll, fd);
    fields.flags = static_cast<std::uint16_t>(events);
    return IoOperation(fields);
}
/// As poll(), again and again, level-triggered: asked anew when `done` has returned. Until it is cancelled or fails.
inline IoOperation poll_each(int fd, short events) noexcept {
    IoOperation::Fields fields = detail::fields(IoKind::poll_each, fd);
    fields.flags = static_cast<std::uint16_t>(events);
    return IoOperation(fields);
}
/// Succeeds with 0.
inline IoOperation nop() noexcept {
    return IoOperation();
}
/// Any other operation of io_uring. `fill` sets the fields of a cleared entry, but for user_data and the flags that
/// link; it is called on the home thread when the entry is handed to the kernel, and again when the kernel says EINTR.
/// EOPNOTSUPP on the engine of threads.
inline IoOperation sqe(Callback<void(io_uring_sqe&)> fill) noexcept {
    return IoOperation(detail::fields(IoKind::sqe), std::move(fill));
}

}  // namespace io

}  // namespace nestling
