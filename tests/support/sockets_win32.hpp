// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/win32.hpp>

#include "support/windows.hpp"

namespace nestling::testing {

/// A new TCP socket, after Winsock has been started.
int new_tcp_socket();
/// One that listens on a port of the loopback that the system chose; its address is filled in.
int new_listening_socket(sockaddr_in& address);
void stop_blocking(int fd) noexcept;
/// The next close sends a reset instead of a farewell.
void reset_on_close(int fd) noexcept;
/// Sleeps until there is something to read, or the other end is gone.
void wait_until_readable(int fd) noexcept;

}  // namespace nestling::testing
