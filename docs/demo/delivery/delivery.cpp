// SPDX-License-Identifier: MIT
#include "delivery/delivery.hpp"

#include <nestling/timer.hpp>

namespace demo {

void Delivery::record(std::chrono::nanoseconds ended) {
    latency_.add(nestling::clock_now(nestling::Clock::monotonic) - ended);
}

const char* mode_name(Mode mode) noexcept {
    return mode == Mode::nestling ? "nestling" : "glib";
}

Mode other_mode(Mode mode) noexcept {
    return mode == Mode::nestling ? Mode::glib : Mode::nestling;
}

}  // namespace demo
