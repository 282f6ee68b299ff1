// SPDX-License-Identifier: MIT
// An event object that stays signalled until it is cleared: whoever waits for it takes nothing away from others.
#include <nestling/event_notifier.hpp>

#include <system_error>

#include "os/windows.hpp"

namespace nestling {

EventNotifier::EventNotifier(NotifierKind kind) : kind_(NotifierKind::event) {
    if (kind != NotifierKind::automatic && kind != NotifierKind::event) {
        throw std::system_error(std::make_error_code(std::errc::function_not_supported),
                                "nestling: Windows has no such event notifier");
    }
    const HANDLE event = ::CreateEventW(nullptr, TRUE, FALSE, nullptr);
    if (event == nullptr) {
        throw std::system_error(static_cast<int>(::GetLastError()), std::system_category(),
                                "nestling: cannot create an event notifier");
    }
    read_fd_ = fd_of(event);
    write_fd_ = read_fd_;
}

void EventNotifier::close() noexcept {
    if (read_fd_ != -1) {
        ::CloseHandle(handle_of(read_fd_));
    }
    read_fd_ = write_fd_ = -1;
}

void EventNotifier::set() const noexcept {
    if (write_fd_ != -1) {
        ::SetEvent(handle_of(write_fd_));
    }
}

bool EventNotifier::test_and_clear() const noexcept {
    if (read_fd_ == -1 || ::WaitForSingleObject(handle_of(read_fd_), 0) != WAIT_OBJECT_0) {
        return false;
    }
    ::ResetEvent(handle_of(read_fd_));
    return true;
}

}  // namespace nestling
