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
    fired = false;
    timer.arm_after(std::chrono::milliseconds(2));
    const std::uint64_t before = sleeps_begun();
    const std::uint64_t iterations = loop.statistics().iterations;
    loop.run_until([&] { return fired; });
    return sleeps_begun() - before == 1 && loop.statistics().iterations - iterations == 1;
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
