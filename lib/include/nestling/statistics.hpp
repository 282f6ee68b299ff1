// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>

namespace nestling {

/// What a context has done since it was created. Always on.
struct Statistics {
    std::uint64_t iterations = 0;           ///< poll() calls and dispatches from an external loop
    std::uint64_t sleeps = 0;               ///< waits that were allowed to sleep, native and external
    std::uint64_t wakes_written = 0;        ///< writes to the event by producers
    std::uint64_t wakes_handed_on = 0;      ///< writes by poll() to an outer loop that was about to sleep on old facts
    std::uint64_t wakes_saved = 0;          ///< publications that needed no write
    std::uint64_t bottom_halves_run = 0;    ///< callbacks of bottom halves and posts
    std::uint64_t fd_callbacks_run = 0;     ///< read, write and poll_ready callbacks
    std::uint64_t timers_fired = 0;         ///< timer callbacks
    std::uint64_t spurious_wakes = 0;       ///< sleeps that ended with nothing to run
    std::uint64_t busy_polls_found = 0;     ///< waits that busy polling ended
    std::uint64_t busy_polls_given_up = 0;  ///< waits in which busy polling found nothing, so that a sleep followed
    std::uint64_t timers_polled_for = 0;    ///< waits whose end was polled for the sake of a timer
    std::chrono::nanoseconds longest_callback{0};      ///< sampled: in 1 of 8 iterations after a sleep, 1 of 64 others
    char longest_callback_name[48] = "";               ///< its handle, cut to 47 bytes
    std::chrono::nanoseconds worst_timer_lateness{0};  ///< of monotonic timers, up to the start of their callback batch
};

}  // namespace nestling
