// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/timer.hpp>

#include <chrono>
#include <cstdint>

#include "support/syscall_counter.hpp"
#include "support/test_loop.hpp"

namespace nestling::testing {

/// True if nothing of the context keeps the loop from sleeping: it sleeps once until a timer that it is given.
inline bool sleeps_in_peace(TestLoop& loop) {
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

}  // namespace nestling::testing
