// SPDX-License-Identifier: MIT
#include <liburing.h>
#include <poll.h>

#include "async/io_uring_backend.hpp"

namespace nestling::async {

namespace {

void fill_timeout(io_uring_sqe& entry, IoNode& node) noexcept {
    const IoOperation::Fields& fields = node.operation.fields();
    constexpr std::uint64_t second = 1'000'000'000;
    node.time[0] = static_cast<std::int64_t>(fields.offset / second);
    node.time[1] = static_cast<std::int64_t>(fields.offset % second);
    // Its end is no failure, neither here nor for a chain.
    const unsigned kind = (fields.mode & IoNode::absolute_time) != 0 ? IORING_TIMEOUT_ABS : 0;
    static_assert(sizeof(__kernel_timespec) == sizeof node.time);
    ::io_uring_prep_timeout(&entry, reinterpret_cast<__kernel_timespec*>(node.time), 0,
                            kind | IORING_TIMEOUT_ETIME_SUCCESS);
}

[[nodiscard]] sockaddr* address_of(const IoOperation::Fields& fields) noexcept {
    return static_cast<sockaddr*>(const_cast<void*>(fields.address));
}

}  // namespace

void fill_sqe(io_uring_sqe& entry, IoNode& node) noexcept {
    const IoOperation::Fields& fields = node.operation.fields();
    const int flags = static_cast<int>(fields.flags);
    switch (node.operation.kind()) {
        case IoKind::nop:
            ::io_uring_prep_nop(&entry);
            break;
        case IoKind::read:
            ::io_uring_prep_rw(IORING_OP_READ, &entry, fields.fd, fields.address, fields.length, fields.offset);
            break;
        case IoKind::write:
            ::io_uring_prep_rw(IORING_OP_WRITE, &entry, fields.fd, fields.address, fields.length, fields.offset);
            break;
        case IoKind::readv:
            ::io_uring_prep_rw(IORING_OP_READV, &entry, fields.fd, fields.address, fields.length, fields.offset);
            break;
        case IoKind::writev:
            ::io_uring_prep_rw(IORING_OP_WRITEV, &entry, fields.fd, fields.address, fields.length, fields.offset);
            break;
        case IoKind::fsync:
            ::io_uring_prep_fsync(&entry, fields.fd, fields.flags != 0 ? IORING_FSYNC_DATASYNC : 0);
            break;
        case IoKind::openat:
            ::io_uring_prep_openat(&entry, fields.fd, static_cast<const char*>(fields.address), flags, fields.mode);
            break;
        case IoKind::statx:
            ::io_uring_prep_statx(&entry, fields.fd, static_cast<const char*>(fields.address), flags, fields.mode,
                                  static_cast<struct ::statx*>(fields.result));
            break;
        case IoKind::accept:
            ::io_uring_prep_accept(&entry, fields.fd, address_of(fields), static_cast<socklen_t*>(fields.result),
                                   flags);
            break;
        case IoKind::accept_each:
            ::io_uring_prep_multishot_accept(&entry, fields.fd, nullptr, nullptr, flags);
            break;
        case IoKind::connect:
            ::io_uring_prep_connect(&entry, fields.fd, address_of(fields), fields.length);
            break;
        case IoKind::send:
            ::io_uring_prep_send(&entry, fields.fd, fields.address, fields.length, flags | MSG_NOSIGNAL);
            break;
        case IoKind::recv:
            ::io_uring_prep_recv(&entry, fields.fd, const_cast<void*>(fields.address), fields.length, flags);
            break;
        case IoKind::timeout:
            fill_timeout(entry, node);
            break;
        case IoKind::poll:
        case IoKind::poll_each:
            // One shot each time: a multishot poll tells of edges, and who leaves something unread waits for ever
            // (contracts B-67).
            ::io_uring_prep_poll_add(&entry, fields.fd, fields.flags);
            break;
        case IoKind::sqe:
            node.operation.fill()(entry);
            break;
    }
    entry.user_data = reinterpret_cast<std::uintptr_t>(&node);
}

void fill_wait(io_uring_sqe& entry, const IoNode& node) noexcept {
    const IoKind kind = node.operation.kind();
    const bool writes =
        kind == IoKind::write || kind == IoKind::writev || kind == IoKind::send || kind == IoKind::connect;
    const std::uint64_t user_data = entry.user_data;
    ::io_uring_prep_poll_add(&entry, node.operation.fields().fd, writes ? POLLOUT : POLLIN);
    entry.user_data = user_data;
}

void fill_cancel(io_uring_sqe& entry, std::uint64_t user_data) noexcept {
    ::io_uring_prep_cancel64(&entry, user_data, 0);
    entry.user_data = 0;
}

void link_to_next(io_uring_sqe& entry) noexcept {
    entry.flags = static_cast<std::uint8_t>(entry.flags | IOSQE_IO_LINK);
}

}  // namespace nestling::async
