// SPDX-License-Identifier: MIT
#include <nestling/event_notifier.hpp>

namespace nestling {

EventNotifier::EventNotifier(EventNotifier&& other) noexcept
    : read_fd_(std::exchange(other.read_fd_, -1)),
      write_fd_(std::exchange(other.write_fd_, -1)),
      kind_(std::exchange(other.kind_, NotifierKind::automatic)) {}

EventNotifier& EventNotifier::operator=(EventNotifier&& other) noexcept {
    if (this != &other) {
        close();
        read_fd_ = std::exchange(other.read_fd_, -1);
        write_fd_ = std::exchange(other.write_fd_, -1);
        kind_ = std::exchange(other.kind_, NotifierKind::automatic);
    }
    return *this;
}

EventNotifier::~EventNotifier() {
    close();
}

}  // namespace nestling
