// SPDX-License-Identifier: MIT
#pragma once

// How sockets and handles of Windows are named where other systems have descriptors. Both have 32 significant bits, on
// 64-bit Windows too, so that an int holds either.

#include <cstdint>

namespace nestling {

/// Any thread. What stands for `handle` (a HANDLE) wherever this library wants a descriptor: an event, a process, a
/// thread, a semaphore, a waitable timer. Of a mutex nothing good comes: it belongs to the thread that waits for it.
inline int fd_of(void* handle) noexcept {
    return static_cast<int>(reinterpret_cast<std::intptr_t>(handle));
}

/// Any thread. The same for `socket` (a SOCKET).
inline int fd_of_socket(std::uintptr_t socket) noexcept {
    return static_cast<int>(socket);
}

/// Any thread. The opposite of fd_of().
inline void* handle_of(int fd) noexcept {
    // A handle is no address.
    return reinterpret_cast<void*>(static_cast<std::intptr_t>(fd));  // NOLINT(performance-no-int-to-ptr)
}

/// Any thread. The opposite of fd_of_socket().
inline std::uintptr_t socket_of(int fd) noexcept {
    return static_cast<std::uintptr_t>(static_cast<std::intptr_t>(fd));
}

}  // namespace nestling
