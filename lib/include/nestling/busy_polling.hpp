// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace nestling {

/// How long poll(Wait::block) looks again and again before it sleeps. A CPU is given for latency: what comes meanwhile
/// is seen within nanoseconds, and whoever sends it makes no system call. Off by default; poll() only, not the steps of
/// an outer loop.
///
/// The time adapts between nothing and `max`: waits that are longer shorten it, and something that comes soon lengthens
/// it. It never stays at nothing: after some sleeps, up to 128 when tries go on failing, polling is tried again.
struct BusyPolling {
    /// At most so long for each wait. 0 or less: off. Two loops that answer each other come to poll only if this is
    /// more than waking a sleeping thread costs; the benchmark takes 100 us.
    std::chrono::nanoseconds max{0};
    /// How much longer to poll after a wait that a longer time would have caught, and how many times the time that
    /// something took to come. 0 counts as 1.
    unsigned grow = 2;
    /// By how much to divide after a wait that was longer than `max`. 1: never, the time is fixed. 0 counts as 1.
    unsigned shrink = 2;
};

}  // namespace nestling
