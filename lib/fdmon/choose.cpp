// SPDX-License-Identifier: MIT
#include "fdmon/choose.hpp"

#include <cstdlib>
#include <string_view>

namespace nestling::fdmon {

namespace {

Chosen forced_epoll(const char* why) {
    std::error_code error;
    std::unique_ptr<FdMonitor> monitor = make_epoll_monitor(error);
    if (error) {
        throw std::system_error(error, "nestling: cannot create the epoll monitor (" + std::string(why) + ")");
    }
    return {std::move(monitor), why};
}

bool system_has_none(const std::error_code& error) {
    return error == std::errc::function_not_supported || error == std::errc::operation_not_permitted;
}

}  // namespace

std::string Chosen::reason() const {
    return error == 0 ? why : std::string(why) + ": " + std::generic_category().message(error);
}

Chosen choose_monitor(MonitorKind wanted) {
    if (wanted == MonitorKind::epoll) {
        return forced_epoll("forced by ContextOptions::monitor");
    }
    if (wanted == MonitorKind::poll) {
        return {make_poll_monitor(), "forced by ContextOptions::monitor"};
    }
    if (const char* value = std::getenv("NESTLING_MONITOR"); value != nullptr && *value != '\0') {
        const std::string_view name(value);
        if (name == "epoll") {
            return forced_epoll("forced by NESTLING_MONITOR");
        }
        if (name == "poll") {
            return {make_poll_monitor(), "forced by NESTLING_MONITOR"};
        }
        throw std::system_error(std::make_error_code(std::errc::invalid_argument),
                                "nestling: NESTLING_MONITOR is neither epoll nor poll: " + std::string(name));
    }
    std::error_code error;
    if (std::unique_ptr<FdMonitor> monitor = make_epoll_monitor(error)) {
        return {std::move(monitor), "best that the system has"};
    }
    if (!system_has_none(error)) {
        throw std::system_error(error, "nestling: cannot create the epoll monitor");
    }
    return {make_poll_monitor(), "no epoll", error.value()};
}

}  // namespace nestling::fdmon
