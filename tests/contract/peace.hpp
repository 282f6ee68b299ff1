// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/timer.hpp>

#include <chrono>
#include <cstdint>

#include "support/syscall_counter.hpp"
#include "support/test_loop.hpp"

namespace nestling::testing {

/// True if the loop sleeps once until a timer that it is given, in one iteration.
inline bool sleeps_once(TestLoop& loop) {
    bool fired = false;
    Timer timer(loop.context(), "peace", [&] { fired = true; });
    // Whatever is made on demand is made in the first round.
    timer.arm_after(std::chrono::milliseconds(1));
    loop.run_until([&] { return fired; });
    for (const int length : {2, 20, 200}) {
        fired = false;
        timer.arm_after(std::chrono::milliseconds(length));
        const std::uint64_t before = sleeps_begun();
        const std::uint64_t iterations_before = loop.statistics().iterations;
        loop.run_until([&] { return fired; });
        const std::uint64_t sleeps = sleeps_begun() - before;
        const std::uint64_t iterations = loop.statistics().iterations - iterations_before;
        // On a busy machine the timer may be due before its loop can sleep, which says nothing.
        if (sleeps != 0 || iterations != 1) {
            return sleeps == 1 && iterations == 1;
        }
    }
    return false;
}

/// True if nothing of the context keeps the loop from sleeping.
inline bool sleeps_in_peace(TestLoop& loop) {
    if (loop.context().monitor().kind != MonitorKind::win32) {
        return sleeps_once(loop);
    }
    // The system may tell, later and once, of what the loop has found by itself.
    return sleeps_once(loop) || sleeps_once(loop) || sleeps_once(loop);
}

}  // namespace nestling::testing
