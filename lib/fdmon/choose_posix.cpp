// SPDX-License-Identifier: MIT
#include "fdmon/choose.hpp"

#include <cstdlib>
#include <string_view>
#include <utility>

namespace nestling::fdmon {

namespace {

[[noreturn]] void refuse(const std::error_code& error, const std::string& monitor, const char* why) {
    throw std::system_error(error, "nestling: cannot create the " + monitor + " monitor (" + why + ")");
}

Chosen forced_epoll(const char* why) {
    std::error_code error;
    std::unique_ptr<FdMonitor> monitor = make_epoll_monitor(error);
    if (error) {
        refuse(error, "epoll", why);
    }
    return {std::move(monitor), why};
}

Chosen forced_uring() {
    os::Ring::Refusal refusal;
    std::unique_ptr<FdMonitor> monitor = make_uring_monitor(refusal);
    if (monitor == nullptr) {
        refuse({refusal.error, std::generic_category()}, "io_uring", refusal.why);
    }
    return {std::move(monitor), "forced by ContextOptions::monitor"};
}

bool system_has_none(const std::error_code& error) {
    return error == std::errc::function_not_supported || error == std::errc::operation_not_permitted;
}

Chosen best() {
    std::error_code error;
    if (std::unique_ptr<FdMonitor> monitor = make_epoll_monitor(error)) {
        return {std::move(monitor), "best that the system has"};
    }
    if (!system_has_none(error)) {
        throw std::system_error(error, "nestling: cannot create the epoll monitor");
    }
    return {make_poll_monitor(), "no epoll", error.value()};
}

Chosen uring_or_best() {
    os::Ring::Refusal refusal;
    if (std::unique_ptr<FdMonitor> monitor = make_uring_monitor(refusal)) {
        return {std::move(monitor), "forced by NESTLING_MONITOR"};
    }
    const std::error_code error(refusal.error, std::generic_category());
    if (!system_has_none(error)) {
        refuse(error, "io_uring", refusal.why);
    }
    return {best().monitor, "NESTLING_MONITOR wants io_uring, which cannot be had", refusal.error, refusal.why};
}

}  // namespace

Chosen choose_monitor(MonitorKind wanted) {
    if (wanted == MonitorKind::epoll) {
        return forced_epoll("forced by ContextOptions::monitor");
    }
    if (wanted == MonitorKind::poll) {
        return {make_poll_monitor(), "forced by ContextOptions::monitor"};
    }
    if (wanted == MonitorKind::io_uring) {
        return forced_uring();
    }
    if (wanted == MonitorKind::win32) {
        refuse(std::make_error_code(std::errc::function_not_supported), "win32", "this is not Windows");
    }
    if (const char* value = std::getenv("NESTLING_MONITOR"); value != nullptr && *value != '\0') {
        const std::string_view name(value);
        if (name == "epoll") {
            return forced_epoll("forced by NESTLING_MONITOR");
        }
        if (name == "poll") {
            return {make_poll_monitor(), "forced by NESTLING_MONITOR"};
        }
        if (name == "io_uring") {
            return uring_or_best();
        }
        throw std::system_error(std::make_error_code(std::errc::invalid_argument),
                                "nestling: NESTLING_MONITOR is neither epoll, io_uring nor poll: " + std::string(name));
    }
    return best();
}

}  // namespace nestling::fdmon
