// SPDX-License-Identifier: MIT
#include <nestling/event_notifier.hpp>

#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

#include "os/notifier_fds.hpp"

namespace nestling {

EventNotifier::EventNotifier(NotifierKind kind) {
    std::error_code error;
    os::NotifierFds fds;
    kind_ = NotifierKind::eventfd;
    if (kind == NotifierKind::event) {
        error = std::make_error_code(std::errc::function_not_supported);
    } else if (kind != NotifierKind::pipe) {
        fds = os::create_eventfd(error);
    }
    const bool unknown = error == std::errc::function_not_supported;
    if (kind == NotifierKind::pipe || (kind == NotifierKind::automatic && unknown)) {
        error.clear();
        fds = os::create_pipe(error);
        kind_ = NotifierKind::pipe;
    }
    if (error) {
        throw std::system_error(error, "nestling: cannot create an event notifier");
    }
    read_fd_ = fds.read.release();
    write_fd_ = fds.write ? fds.write.release() : read_fd_;
}

void EventNotifier::close() noexcept {
    if (write_fd_ >= 0 && write_fd_ != read_fd_) {
        ::close(write_fd_);
    }
    if (read_fd_ >= 0) {
        ::close(read_fd_);
    }
    read_fd_ = write_fd_ = -1;
}

void EventNotifier::set() const noexcept {
    if (write_fd_ < 0) {
        return;
    }
    const int saved_errno = errno;
    const std::uint64_t one = 1;
    const std::size_t size = kind_ == NotifierKind::pipe ? 1 : sizeof(one);
    // EAGAIN means that it is set already: a full pipe, or an eventfd at its maximum.
    while (::write(write_fd_, &one, size) < 0 && errno == EINTR) {
    }
    errno = saved_errno;
}

bool EventNotifier::test_and_clear() const noexcept {
    if (read_fd_ < 0) {
        return false;
    }
    const int saved_errno = errno;
    bool was_set = false;
    std::uint64_t buffer[8];
    const std::size_t size = kind_ == NotifierKind::pipe ? sizeof(buffer) : sizeof(buffer[0]);
    for (;;) {
        const ::ssize_t got = ::read(read_fd_, buffer, size);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        was_set = was_set || got > 0;
        // A pipe may hold more than one read takes; an eventfd is cleared by one.
        if (got < static_cast<::ssize_t>(size) || kind_ != NotifierKind::pipe) {
            break;
        }
    }
    errno = saved_errno;
    return was_set;
}

}  // namespace nestling
