// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <system_error>

#include "os/owned_fd.hpp"

namespace nestling::os {

/// A descriptor that is readable when process `pid` has ended. Empty with `error` set: ENOSYS where the system has no
/// such thing, ESRCH if there is no such process.
OwnedFd open_process(pid_t pid, std::error_code& error) noexcept;

struct ProcessEnd {
    enum class Kind : std::uint8_t { running, exited, killed, dumped, unknown };
    Kind kind;
    int value;
};

/// Takes the status of child `pid` if it has ended; never sleeps. `process` is its descriptor, or negative.
ProcessEnd take_process_end(pid_t pid, int process) noexcept;

}  // namespace nestling::os
