// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <utility>

#include <nestling/annotations.hpp>

namespace nestling {

/// What an EventNotifier is made of.
enum class NotifierKind : std::uint8_t {
    automatic,  ///< eventfd, or a pipe where the kernel has no eventfd; on Windows an event object
    eventfd,
    pipe,
    event,  ///< an event object of Windows
};

/// A flag that can be set from anywhere and waited for like a descriptor.
class NESTLING_API EventNotifier {
public:
    /// Any thread. An empty notifier: every operation does nothing.
    EventNotifier() noexcept = default;
    /// Any thread. Throws std::system_error (EMFILE, ENFILE, ENOMEM, ENOSYS).
    explicit EventNotifier(NotifierKind kind);
    EventNotifier(EventNotifier&& other) noexcept;
    EventNotifier& operator=(EventNotifier&& other) noexcept;
    EventNotifier(const EventNotifier&) = delete;
    EventNotifier& operator=(const EventNotifier&) = delete;
    ~EventNotifier();

    /// Any thread, signal-safe, keeps errno. Makes fd() readable. Setting twice is the same as setting once.
    void set() const noexcept;
    /// Any thread. Makes fd() unreadable; true if it was set.
    bool test_and_clear() const noexcept;
    /// Any thread. The descriptor to wait on for reading, or -1 when empty. On Windows it stands for the event object.
    [[nodiscard]] int fd() const noexcept { return read_fd_; }
    /// Any thread. What it is made of; automatic when empty.
    [[nodiscard]] NotifierKind kind() const noexcept { return kind_; }

private:
    void close() noexcept;

    int read_fd_ = -1;
    int write_fd_ = -1;
    NotifierKind kind_ = NotifierKind::automatic;
};

}  // namespace nestling
