// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace bench {

inline constexpr std::size_t idle_fds = 10;

/// Eventfds that are made once and used by every workload, one after another, so that nobody's time contains making
/// them. Throws std::system_error when the limit of open files does not allow so many.
int event_fd(std::size_t index);
/// Raises the soft limit of open files to the hard one; changes nothing else.
void allow_many_files();

void signal_fd(int fd);
void drain_fd(int fd);

}  // namespace bench
