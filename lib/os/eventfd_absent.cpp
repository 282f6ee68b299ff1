// SPDX-License-Identifier: MIT
#include "os/notifier_fds.hpp"

namespace nestling::os {

NotifierFds create_eventfd(std::error_code& error) noexcept {
    error = std::make_error_code(std::errc::function_not_supported);
    return {};
}

}  // namespace nestling::os
