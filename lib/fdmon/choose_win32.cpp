// SPDX-License-Identifier: MIT
#include <cstdlib>
#include <string_view>

#include "fdmon/choose.hpp"

namespace nestling::fdmon {

Chosen choose_monitor(MonitorKind wanted) {
    if (wanted != MonitorKind::automatic && wanted != MonitorKind::win32) {
        throw std::system_error(std::make_error_code(std::errc::function_not_supported),
                                "nestling: Windows has no such monitor");
    }
    const char* const value = wanted == MonitorKind::automatic ? std::getenv("NESTLING_MONITOR") : nullptr;
    if (value == nullptr || *value == '\0') {
        return {make_win32_monitor(), wanted == MonitorKind::automatic ? "the only one that the system has"
                                                                       : "forced by ContextOptions::monitor"};
    }
    if (std::string_view(value) != "win32") {
        throw std::system_error(std::make_error_code(std::errc::invalid_argument),
                                "nestling: NESTLING_MONITOR is not win32: " + std::string(value));
    }
    return {make_win32_monitor(), "forced by NESTLING_MONITOR"};
}

}  // namespace nestling::fdmon
