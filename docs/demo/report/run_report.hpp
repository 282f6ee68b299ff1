// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "delivery/delivery.hpp"
#include "finder/duplicates.hpp"
#include "meter/frame_meter.hpp"
#include "meter/histogram.hpp"

namespace demo {

class DuplicateFinder;

/// A group for people and machines: the order says nothing about the order of events any more.
struct ReportedGroup {
    std::uint64_t size = 0;
    Digest digest{};
    std::uint64_t wasted = 0;
    std::vector<std::vector<std::string>> copies;  ///< the names of each file; both levels sorted
};

/// What was measured while a job ran.
struct Measurements {
    std::chrono::nanoseconds elapsed{0};
    FrameMeter::Facts frames;
    Histogram latency;
    Wakes wakes;
    std::chrono::nanoseconds longest_callback{0};  ///< of the context, since the program began; sampled
    std::string longest_callback_name;
    std::uint64_t sent = 0;
    std::uint64_t received = 0;
    Histogram timer_lateness;
    std::uint64_t timers_early = 0;
};

/// Everything about a job that has ended.
struct RunReport {
    std::vector<std::string> roots;
    Mode mode = Mode::nestling;
    std::size_t threads = 0;
    std::string monitor;
    std::string reading;  ///< which way files were read, and why
    bool interrupted = false;
    Progress progress;
    Measurements measured;
    std::vector<ReportedGroup> groups;  ///< the most wasted bytes first
    std::vector<Problem> problems;
};

/// The groups that `finder` has found, in the order of a report.
std::vector<ReportedGroup> reported_groups(const DuplicateFinder& finder);

}  // namespace demo
