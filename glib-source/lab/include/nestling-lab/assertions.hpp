// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <nestling-lab/lab.hpp>

namespace nestling::lab {

/// The answer of a check: whether it holds, and if not, what happened instead, with the last steps.
struct Verdict {
    bool holds = true;
    std::string message;
    explicit operator bool() const noexcept { return holds; }
};

/// What can be said of a lab after it ran: dispatched_once(source)(lab) is a Verdict. With Catch2:
/// REQUIRE_THAT(lab, dispatched_once(source)), of <nestling-lab/catch2.hpp>, and && and ! as with every matcher.
struct Expectation {
    std::string words;
    std::function<Verdict(const Lab&)> check;
    Verdict operator()(const Lab& lab) const { return check(lab); }
};

Expectation dispatched_once(const SourceRecord& source);
Expectation dispatched_times(const SourceRecord& source, std::uint64_t times);
Expectation never_dispatched(const SourceRecord& source);
/// Its dispatches began at these times of the lab, or at most `late` after them, and at no other; none was early.
Expectation fired_at(const SourceRecord& source, std::vector<std::chrono::nanoseconds> times,
                     std::chrono::nanoseconds late = std::chrono::nanoseconds(0));
/// Its dispatch number n (from 1) began at n * `period`, or at most `late` after that; there was at least one.
Expectation fired_every(const SourceRecord& source, std::chrono::nanoseconds period,
                        std::chrono::nanoseconds late = std::chrono::nanoseconds(0));
/// No dispatch began before `time`.
Expectation never_before(const SourceRecord& source, std::chrono::nanoseconds time);
/// There were at most `most` steps in a row whose poll did not sleep and that dispatched nothing.
Expectation never_spun(std::uint64_t most = 1);
/// Of the steps kept: none dispatched anything after a poll that had no limit and that nothing ended. In a program that
/// poll sleeps on: a wake-up was lost.
Expectation never_overslept();
/// No source of the lab's context is left, no descriptor that was opened since, no thread-default context.
Expectation left_nothing();
/// Of the steps kept: each made at most so many system calls, of those that are counted, on the lab's thread.
Expectation at_most_calls_per_step(std::uint64_t calls);
Expectation at_most_allocations_per_step(std::uint64_t allocations);
/// Of the steps kept: each saw at most one write of the context's wake-up.
Expectation one_wakeup_per_step();

}  // namespace nestling::lab
