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

}  // namespace demo
