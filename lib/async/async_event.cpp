// SPDX-License-Identifier: MIT
#include <nestling/async_event.hpp>

#include <mutex>

namespace nestling {

AsyncEventWait::AsyncEventWait(AsyncEvent& event) noexcept : Waiter(event, event.waiters_), event_(event) {}

bool AsyncEventWait::take() noexcept {
    return event_.is_set_;
}

void AsyncEvent::set() noexcept {
    const std::lock_guard lock(mutex());
    is_set_ = true;
    settle();
}

void AsyncEvent::reset() noexcept {
    const std::lock_guard lock(mutex());
    is_set_ = false;
}

bool AsyncEvent::is_set() const noexcept {
    const std::lock_guard lock(mutex());
    return is_set_;
}

void AsyncEvent::settle() noexcept {
    while (is_set_ && !waiters_.empty()) {
        waiters_.front().grant();
    }
}

}  // namespace nestling
