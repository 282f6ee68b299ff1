// SPDX-License-Identifier: MIT
#include "fdmon/choose.hpp"

namespace nestling::fdmon {

std::unique_ptr<FdMonitor> make_epoll_monitor(std::error_code& error) {
    error = std::make_error_code(std::errc::function_not_supported);
    return nullptr;
}

}  // namespace nestling::fdmon
