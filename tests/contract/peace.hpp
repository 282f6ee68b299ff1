// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/timer.hpp>

#include <chrono>
#include <cstdint>

#include "support/syscall_counter.hpp"
#include "support/test_loop.hpp"

namespace nestling::testing {

/// Has the loop sleep until `timer`, which sets `fired`, so that whatever is made on demand is made. On a busy machine
/// the timer may be due before its loop can sleep: then once more.
inline void sleep_a_while(TestLoop& loop, Timer& timer, bool& fired) {
    for (const std::uint64_t before = sleeps_begun(); sleeps_begun() == before;) {
        fired = false;
        timer.arm_after(std::chrono::milliseconds(1));
        loop.run_until([&] { return fired; });
    }
}

/// True if the loop sleeps once until a timer that it is given, in one iteration.
inline bool sleeps_once(TestLoop& loop) {
    bool fired = false;
    Timer timer(loop.context(), "peace", [&] { fired = true; });
    sleep_a_while(loop, timer, fired);
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
