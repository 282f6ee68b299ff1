// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/nestling.hpp>

#include <chrono>
#include <cstdint>
#include <vector>

#include "support/syscall_counter.hpp"
#include "support/test_loop.hpp"

namespace nestling::testing {

/// A loop whose reports are kept.
struct ReportingLoop {
    explicit ReportingLoop(const Configuration& cell) : loop(cell, options(reports)) {}

    static ContextOptions options(std::vector<Report>& reports) {
        ContextOptions result;
        result.name = "closed";
        result.on_report = [&reports](const Report& report) { reports.push_back(report); };
        return result;
    }

    /// Sleeps until a timer. Returns how many sleeps that took: more than two or three is a spin.
    std::uint64_t sleeps_until_timer() {
        bool fired = false;
        Timer timer(loop.context(), "timer", [&] { fired = true; });
        timer.arm_after(std::chrono::milliseconds(3));
        const std::uint64_t before = sleeps_begun();
        loop.run_until([&] { return fired; });
        return sleeps_begun() - before;
    }

    std::vector<Report> reports;
    TestLoop loop;
};

inline constexpr std::uint64_t no_spin = 3;

}  // namespace nestling::testing
