// SPDX-License-Identifier: MIT
#include <vector>

#include <nestling/win32.hpp>

#include "support/poll_handles.hpp"
#include "support/windows.hpp"

namespace nestling::testing {

namespace {

/// Rounded up: never early.
DWORD milliseconds(std::chrono::nanoseconds timeout) noexcept {
    return timeout.count() < 0 ? INFINITE
                               : static_cast<DWORD>(std::chrono::ceil<std::chrono::milliseconds>(timeout).count());
}

}  // namespace

int wait_for_handles(std::span<PollHandle> handles, std::chrono::nanoseconds timeout) {
    std::vector<HANDLE> all;
    for (const PollHandle& handle : handles) {
        all.push_back(handle_of(handle.fd));
    }
    const DWORD first =
        ::WaitForMultipleObjects(static_cast<DWORD>(all.size()), all.data(), FALSE, milliseconds(timeout));
    int count = 0;
    for (PollHandle& handle : handles) {
        const bool is_ready = first < WAIT_OBJECT_0 + all.size() && is_set(handle.fd);
        handle.revents = is_ready ? handle.events : decltype(handle.revents){0};
        count += is_ready ? 1 : 0;
    }
    return count;
}

bool is_set(int notifier_fd) {
    return ::WaitForSingleObject(handle_of(notifier_fd), 0) == WAIT_OBJECT_0;
}

}  // namespace nestling::testing
