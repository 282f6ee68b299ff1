// SPDX-License-Identifier: MIT
#include "os/child_process.hpp"

namespace nestling::os {

OwnedFd open_process(pid_t, std::error_code& error) noexcept {
    error = std::make_error_code(std::errc::function_not_supported);
    return {};
}

}  // namespace nestling::os
