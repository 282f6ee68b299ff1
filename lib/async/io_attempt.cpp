// SPDX-License-Identifier: MIT
#include "async/io_attempt.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace nestling::async {

namespace {

using Fields = IoOperation::Fields;

[[nodiscard]] std::int32_t outcome(ssize_t result) noexcept {
    return result >= 0 ? static_cast<std::int32_t>(result) : -errno;
}

template <class Function>
[[nodiscard]] std::int32_t uninterrupted(Function function) noexcept {
    std::int32_t value = 0;
    do {
        value = outcome(function());
    } while (value == -EINTR);
    return value;
}

/// Makes a descriptor non-blocking while it lives, for calls that cannot be told to be.
class NonBlocking {
public:
    explicit NonBlocking(int fd) noexcept : fd_(fd), flags_(::fcntl(fd, F_GETFL)) {
        if (was_blocking()) {
            ::fcntl(fd_, F_SETFL, flags_ | O_NONBLOCK);
        }
    }
    NonBlocking(const NonBlocking&) = delete;
    NonBlocking& operator=(const NonBlocking&) = delete;
    ~NonBlocking() {
        if (was_blocking()) {
            ::fcntl(fd_, F_SETFL, flags_);
        }
    }
    [[nodiscard]] bool was_blocking() const noexcept { return flags_ >= 0 && (flags_ & O_NONBLOCK) == 0; }

private:
    int fd_;
    int flags_;
};

/// What of `events` the descriptor is ready for now, with errors and hang-up; or a negative errno.
[[nodiscard]] std::int32_t readiness(int fd, short events) noexcept {
    pollfd entry{fd, events, 0};
    const std::int32_t value = uninterrupted([&] { return ::poll(&entry, 1, 0); });
    if (value < 0) {
        return value;
    }
    return (entry.revents & POLLNVAL) != 0 ? -EBADF : entry.revents;
}

[[nodiscard]] bool is_stream(int fd) noexcept {
    int type = 0;
    socklen_t length = sizeof type;
    return ::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0 &&
           (type == SOCK_STREAM || type == SOCK_SEQPACKET);
}

/// send() and recv(), which go on until all is done if they are told to.
[[nodiscard]] std::int32_t transfer_message(IoNode& node, int fd) noexcept {
    const Fields& fields = node.operation.fields();
    const bool sends = fields.kind == IoKind::send;
    const int flags = static_cast<int>(fields.flags);
    for (;;) {
        auto* const bytes = static_cast<std::byte*>(const_cast<void*>(fields.address)) + node.progress;
        const std::size_t length = fields.length - node.progress;
        const std::int32_t value = uninterrupted([&] {
            return sends ? ::send(fd, bytes, length, flags | MSG_DONTWAIT | MSG_NOSIGNAL)
                         : ::recv(fd, bytes, length, flags | MSG_DONTWAIT);
        });
        if (value == -EAGAIN && (flags & MSG_DONTWAIT) == 0) {
            return not_ready;
        }
        const auto progress = static_cast<std::int32_t>(node.progress);
        if (value <= 0) {
            return progress != 0 ? progress : value;
        }
        const bool goes_on = (flags & MSG_WAITALL) != 0 && (flags & MSG_PEEK) == 0 &&
                             static_cast<std::size_t>(value) < length && is_stream(fd);
        if (!goes_on) {
            return progress + value;
        }
        node.progress += static_cast<std::uint32_t>(value);
    }
}

/// The system calls that read and write several parts, on something that is no file.
class Parts {
public:
    Parts(const Fields& fields, int fd) noexcept
        : fd_(fd),
          offset_(static_cast<off_t>(fields.offset)),
          whole_{const_cast<void*>(fields.address), fields.length} {
        reads_ = fields.kind == IoKind::read || fields.kind == IoKind::readv;
        const bool has_parts = fields.kind == IoKind::readv || fields.kind == IoKind::writev;
        parts_ = has_parts ? static_cast<const iovec*>(fields.address) : &whole_;
        count_ = has_parts ? static_cast<int>(fields.length) : 1;
    }
    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;

    [[nodiscard]] std::int32_t attempt() noexcept {
        std::int32_t value = call(RWF_NOWAIT);
        if (value == -EOPNOTSUPP) {
            value = attempt_when_ready();
        }
        return value == -EAGAIN ? not_ready : value;
    }

private:
    [[nodiscard]] std::int32_t call_at(off_t offset, int flags) const noexcept {
        return uninterrupted([&] {
            return reads_ ? ::preadv2(fd_, parts_, count_, offset, flags)
                          : ::pwritev2(fd_, parts_, count_, offset, flags);
        });
    }

    [[nodiscard]] std::int32_t call(int flags) noexcept {
        const std::int32_t value = call_at(offset_, flags);
        if (value != -ESPIPE) {
            return value;
        }
        offset_ = -1;
        return call_at(offset_, flags);
    }

    /// For what cannot be told not to wait: it does not when it is ready, and no more is written than a pipe has room
    /// for. The end of a pipe that is for the other direction would never be ready.
    [[nodiscard]] std::int32_t attempt_when_ready() noexcept {
        const int mode = ::fcntl(fd_, F_GETFL) & O_ACCMODE;
        if (mode == (reads_ ? O_WRONLY : O_RDONLY)) {
            return -EBADF;
        }
        const std::int32_t ready = readiness(fd_, reads_ ? POLLIN : POLLOUT);
        if (ready <= 0) {
            return ready == 0 ? -EAGAIN : ready;
        }
        if (reads_ || count_ == 0) {
            return call(0);
        }
        const iovec* part = parts_;
        while (part->iov_len == 0 && part != parts_ + count_ - 1) {
            ++part;
        }
        whole_ = {part->iov_base, std::min<std::size_t>(part->iov_len, PIPE_BUF)};
        parts_ = &whole_;
        count_ = 1;
        return call(0);
    }

    int fd_;
    off_t offset_;
    iovec whole_;
    const iovec* parts_;
    int count_;
    bool reads_;
};

[[nodiscard]] std::int32_t transfer(const Fields& fields, int fd) noexcept {
    struct stat status {};
    if (::fstat(fd, &status) != 0 || !S_ISSOCK(status.st_mode)) {
        return Parts(fields, fd).attempt();
    }
    const bool has_parts = fields.kind == IoKind::readv || fields.kind == IoKind::writev;
    iovec whole{const_cast<void*>(fields.address), fields.length};
    msghdr message{};
    message.msg_iov = has_parts ? static_cast<iovec*>(const_cast<void*>(fields.address)) : &whole;
    message.msg_iovlen = has_parts ? fields.length : 1;
    const bool reads = fields.kind == IoKind::read || fields.kind == IoKind::readv;
    const std::int32_t value = uninterrupted(
        [&] { return reads ? ::recvmsg(fd, &message, MSG_DONTWAIT) : ::sendmsg(fd, &message, MSG_DONTWAIT); });
    return value == -EAGAIN ? not_ready : value;
}

[[nodiscard]] std::int32_t accept_one(const Fields& fields, int fd) noexcept {
    const NonBlocking guard(fd);
    auto* const address = static_cast<sockaddr*>(const_cast<void*>(fields.address));
    auto* const length = static_cast<socklen_t*>(fields.result);
    const std::int32_t value =
        uninterrupted([&] { return ::accept4(fd, address, length, static_cast<int>(fields.flags)); });
    return value == -EAGAIN ? not_ready : value;
}

[[nodiscard]] std::int32_t connect_now(IoNode& node, int fd) noexcept {
    const Fields& fields = node.operation.fields();
    const NonBlocking guard(fd);
    const auto* const address = static_cast<const sockaddr*>(fields.address);
    const std::int32_t value = uninterrupted([&] { return ::connect(fd, address, fields.length); });
    switch (value) {
        case -EINPROGRESS:
        case -EALREADY:
            return not_ready;
        case -EISCONN:
            return node.has_waited ? 0 : value;
        case -EAGAIN:
            // A local socket whose listener has no room: it does not say when it has.
            node.must_wait = guard.was_blocking();
            return value;
        default:
            return value;
    }
}

}  // namespace

IoWay way_for(const IoNode& node, std::int32_t& value) noexcept {
    const Fields& fields = node.operation.fields();
    switch (fields.kind) {
        case IoKind::fsync:
        case IoKind::openat:
        case IoKind::statx:
            return IoWay::pool;
        case IoKind::read:
        case IoKind::write:
        case IoKind::readv:
        case IoKind::writev:
            break;
        default:
            return IoWay::wait;
    }
    struct stat status {};
    if (::fstat(fields.fd, &status) != 0) {
        value = -errno;
        return IoWay::error;
    }
    const bool is_file = S_ISREG(status.st_mode) || S_ISBLK(status.st_mode) || S_ISDIR(status.st_mode);
    return is_file ? IoWay::pool : IoWay::wait;
}

std::int32_t attempt(IoNode& node, int fd) noexcept {
    const Fields& fields = node.operation.fields();
    switch (fields.kind) {
        case IoKind::read:
        case IoKind::write:
        case IoKind::readv:
        case IoKind::writev:
            return transfer(fields, fd);
        case IoKind::send:
        case IoKind::recv:
            return transfer_message(node, fd);
        case IoKind::accept:
        case IoKind::accept_each:
            return accept_one(fields, fd);
        case IoKind::connect:
            return connect_now(node, fd);
        case IoKind::poll:
        case IoKind::poll_each: {
            const std::int32_t ready = readiness(fd, static_cast<short>(fields.flags));
            return ready == 0 ? not_ready : ready;
        }
        case IoKind::nop:
            return 0;
        default:
            return -EOPNOTSUPP;
    }
}

short events_for(const Fields& fields) noexcept {
    switch (fields.kind) {
        case IoKind::poll:
        case IoKind::poll_each:
            return static_cast<short>(fields.flags);
        case IoKind::write:
        case IoKind::writev:
        case IoKind::send:
        case IoKind::connect:
            return POLLOUT;
        default:
            return POLLIN;
    }
}

bool is_short(const Fields& fields, std::int32_t value) noexcept {
    std::size_t wanted = 0;
    switch (fields.kind) {
        case IoKind::read:
        case IoKind::write:
            wanted = fields.length;
            break;
        case IoKind::readv:
        case IoKind::writev:
            for (std::uint32_t part = 0; part < fields.length; ++part) {
                wanted += static_cast<const iovec*>(fields.address)[part].iov_len;
            }
            break;
        case IoKind::send:
        case IoKind::recv:
            wanted = (fields.flags & MSG_WAITALL) != 0 ? fields.length : 0;
            break;
        default:
            break;
    }
    return value >= 0 && static_cast<std::size_t>(value) < wanted;
}

}  // namespace nestling::async
