// SPDX-License-Identifier: MIT
#include <nestling-lab/assertions.hpp>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace nestling::lab {

using std::chrono::nanoseconds;

namespace {

std::string text_of(nanoseconds time) {
    return std::to_string(time.count()) + " ns";
}

/// An expectation whose check names what is wrong; empty: it holds.
template <typename Find>
Expectation expectation(std::string words, Find find) {
    return {std::move(words), [find = std::move(find)](const Lab& lab) -> Verdict {
                const std::string wrong = find(lab);
                return wrong.empty() ? Verdict{} : Verdict{false, wrong + "\n" + lab.timeline()};
            }};
}

/// What is wrong with the dispatches of `source`, of which number `at` is due at `due(at)`.
template <typename Due>
std::string wrong_times(const SourceRecord& source, nanoseconds late, Due due) {
    for (std::size_t at = 0; at != source.dispatched_at.size(); ++at) {
        const nanoseconds time = source.dispatched_at[at];
        const nanoseconds wanted = due(at);
        if (time < wanted || time > wanted + late) {
            return "dispatch " + std::to_string(at + 1) + " of " + source.label() + " came at " + text_of(time) + ", " +
                   (time < wanted ? text_of(wanted - time) + " early" : text_of(time - wanted) + " late");
        }
    }
    return "";
}

}  // namespace

Expectation dispatched_times(const SourceRecord& source, std::uint64_t times) {
    return expectation(
        source.label() + " is dispatched " + std::to_string(times) + " times", [&source, times](const Lab&) {
            return source.dispatched == times
                       ? std::string()
                       : source.label() + " was dispatched " + std::to_string(source.dispatched) + " times";
        });
}

Expectation dispatched_once(const SourceRecord& source) {
    return dispatched_times(source, 1);
}

Expectation never_dispatched(const SourceRecord& source) {
    return dispatched_times(source, 0);
}

Expectation fired_at(const SourceRecord& source, std::vector<nanoseconds> times, nanoseconds late) {
    std::sort(times.begin(), times.end());
    return expectation(source.label() + " fires at its times", [&source, late, times = std::move(times)](const Lab&) {
        if (source.dispatched_at.size() != times.size()) {
            return source.label() + " fired " + std::to_string(source.dispatched_at.size()) + " times, not " +
                   std::to_string(times.size());
        }
        return wrong_times(source, late, [&times](std::size_t at) { return times[at]; });
    });
}

Expectation fired_every(const SourceRecord& source, nanoseconds period, nanoseconds late) {
    return expectation(source.label() + " fires every " + text_of(period), [&source, period, late](const Lab&) {
        if (source.dispatched_at.empty()) {
            return source.label() + " never fired";
        }
        return wrong_times(source, late,
                           [period](std::size_t at) { return period * static_cast<std::int64_t>(at + 1); });
    });
}

Expectation never_before(const SourceRecord& source, nanoseconds time) {
    return expectation(source.label() + " fires not before " + text_of(time), [&source, time](const Lab&) {
        const auto early = std::find_if(source.dispatched_at.begin(), source.dispatched_at.end(),
                                        [time](nanoseconds at) { return at < time; });
        return early == source.dispatched_at.end() ? std::string()
                                                   : source.label() + " fired at " + text_of(*early) + " already";
    });
}

Expectation never_spun(std::uint64_t most) {
    return expectation("the loop does not spin", [most](const Lab& lab) {
        return lab.longest_spin() <= most
                   ? std::string()
                   : std::to_string(lab.longest_spin()) + " iterations in a row did not sleep and dispatched nothing";
    });
}

Expectation never_overslept() {
    return expectation("no wake-up is lost", [](const Lab& lab) {
        for (const Step* step : lab.steps()) {
            const bool sleeps_on = step->has_polled && step->timeout < 0 && step->poll_result == 0;
            if (sleeps_on && !step->dispatch_order().empty()) {
                return "step " + std::to_string(step->number) +
                       " had something to dispatch, and nobody woke its poll, which has no limit";
            }
        }
        return std::string();
    });
}

Expectation left_nothing() {
    return expectation("nothing is left behind", [](const Lab& lab) {
        const Leftovers left = lab.leftovers();
        return left.empty() ? std::string() : "left behind:\n" + left.text();
    });
}

namespace {

/// That `number` of each step kept is at most `most`.
template <typename Number>
Expectation at_most_per_step(const std::string& what, std::uint64_t most, Number number) {
    return expectation("each step has at most " + std::to_string(most) + " " + what, [what, most,
                                                                                      number](const Lab& lab) {
        for (const Step* step : lab.steps()) {
            if (number(*step) > most) {
                return "step " + std::to_string(step->number) + " had " + std::to_string(number(*step)) + " " + what;
            }
        }
        return std::string();
    });
}

}  // namespace

Expectation at_most_calls_per_step(std::uint64_t calls) {
    return at_most_per_step("system calls", calls, [](const Step& step) { return step.counts.all_calls(); });
}

Expectation at_most_allocations_per_step(std::uint64_t allocations) {
    return at_most_per_step("allocations", allocations, [](const Step& step) { return step.counts.allocations; });
}

Expectation one_wakeup_per_step() {
    return at_most_per_step("wake-ups written", 1, [](const Step& step) { return step.wakeups; });
}

}  // namespace nestling::lab
