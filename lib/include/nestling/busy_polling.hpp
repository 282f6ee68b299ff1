// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace nestling {

/// How long poll(Wait::block) looks again and again before it sleeps. A CPU is given for latency: what comes meanwhile
/// is seen within nanoseconds, and whoever sends it makes no system call. Off by default.
///
/// The time adapts between nothing and `max`, for each source by itself: for each descriptor that has been ready
/// lately, and for what is scheduled, posted and notified. A wait is polled for as long as the most hopeful of them is
/// worth, so a slow descriptor does not end polling for a fast one. Times that are longer than `max` shorten it, and
/// something that comes soon lengthens it. It never stays at nothing while events come: after some sleeps, up to 128
/// when tries go on failing, polling is tried again.
struct BusyPolling {
    /// At most so long for each wait. 0 or less: off. Two loops that answer each other come to poll only if this is
    /// more than waking a sleeping thread costs; the benchmark takes 100 us.
    std::chrono::nanoseconds max{0};
    /// How much longer to poll after a wait that a longer time would have caught, and how many times the time that
    /// something took to come. 0 counts as 1.
    unsigned grow = 2;
    /// By how much to divide after a wait that was longer than `max`. 1: never, the time is fixed. 0 counts as 1.
    unsigned shrink = 2;
    /// How much of the past counts: each time is averaged with those before it, of which the last 2^weight count most.
    /// 0: only the last one counts, so that the loop adapts at once.
    unsigned weight = 0;
    /// Under an outer loop prepare() polls too, at most for so long each time, and only while it finds something: every
    /// other source of that loop waits meanwhile, a user interface too. 0 or less: not at all.
    std::chrono::nanoseconds outer_max{0};
};

}  // namespace nestling
