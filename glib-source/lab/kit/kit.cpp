// SPDX-License-Identifier: MIT
#include <nestling-lab/kit.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "kit/trial.hpp"

namespace nestling::lab {

namespace {

using kit::Entry;

constexpr std::array<Entry, 24> entries{{
    {{0, "answers its stimulus", "nothing else can be said of a source that the kit cannot make or stimulate"},
     kit::stimulus_is_answered},
    {{1, "prepare twice", "GLib prepares again when a source was added meanwhile, and g_main_context_pending() does"},
     kit::prepare_twice},
    {{2, "prepare without check", "GLib skips every check when a descriptor was added or removed during the poll"},
     kit::prepare_without_check},
    {{3, "check without prepare", "a source that is attached during the poll is checked before it is ever prepared"},
     kit::check_without_prepare},
    {{4, "dispatch with nothing to do", "what made the source ready may be gone when its dispatch comes"},
     kit::dispatch_with_nothing_to_do},
    {{5, "ready and kept waiting",
      "g_main_context_pending() marks a source ready, and the next iteration asks no more"},
     kit::sticky_ready},
    {{6, "stale revents", "GLib leaves the answers of an earlier poll in place when it polls other priorities only"},
     kit::stale_revents},
    {{7, "starvation", "a source of higher priority can keep it from being prepared for any time; nothing may be lost"},
     kit::starvation},
    {{8, "timers are exact", "a timeout that is rounded down fires early, or spins until its time has come"},
     kit::timers_are_exact},
    {{9, "no spinning", "a loop that does not sleep takes a whole processor, and nobody sees why"}, kit::no_spin},
    {{10, "destroyed in its callback", "callbacks end their source all the time, and dispatch goes on after them"},
     kit::destroy_in_callback},
    {{11, "destroyed between phases", "other sources' callbacks and other threads destroy it at any moment"},
     kit::destroy_between_phases},
    {{12, "destroyed by another thread", "finalize runs wherever the last reference goes"},
     kit::destroy_on_another_thread},
    {{13, "iteration inside its callback", "a dialog runs a loop of its own inside a callback"}, kit::nested_iteration},
    {{14, "iteration by another thread", "GLib lets any thread iterate a context that nobody owns"},
     kit::iteration_by_another_thread},
    {{15, "errors do not spin",
      "poll reports HUP, ERR and NVAL again and again until somebody takes the descriptor away"},
     kit::errors_do_not_spin},
    {{16, "number used again", "a closed descriptor's number soon belongs to another file"}, kit::fd_number_reused},
    {{17, "interrupted poll", "a signal ends a poll without any answer"}, kit::interrupted_poll},
    {{18, "fork", "a child that goes on with its parent's loop takes events that the parent waits for"},
     kit::fork_is_loud},
    {{19, "name and priority", "profilers show names, and programs keep their windows fluent by priorities"},
     kit::name_and_priority},
    {{20, "attached once", "a source belongs to one context, for one life"}, kit::attach_twice},
    {{21, "its context goes first", "a context that ends destroys its sources, whoever holds references"},
     kit::context_goes_first},
    {{22, "one wake-up per sleep", "each write of a wake-up is a system call of the thread that posts"},
     kit::wake_storm},
    {{23, "silence when idle", "what an idle source asks of the system is asked in every iteration of the program"},
     kit::silence_when_idle},
}};

CaseResult run(const Entry& entry, const kit::Bench& bench) {
    CaseResult result;
    result.promise = entry.promise;
    try {
        entry.run(bench);
    } catch (const kit::Ended& ended) {
        result.outcome = ended.outcome;
        result.words = ended.words;
        result.trace = ended.trace;
    }
    return result;
}

/// Whether the callback tells of deliveries.
bool has_reports(const Subject& subject) {
    const kit::Bench bench{subject, true};
    return run(entries.front(), bench).outcome == Outcome::passed;
}

}  // namespace

const std::vector<Case>& cases() {
    static const std::vector<Case> all = [] {
        std::vector<Case> list;
        std::transform(entries.begin() + 1, entries.end(), std::back_inserter(list),
                       [](const Entry& entry) { return entry.promise; });
        return list;
    }();
    return all;
}

CaseResult check_case(const Subject& subject, unsigned number) {
    if (number >= entries.size()) {
        throw std::out_of_range("nestling::lab::check_case(): there is no such case");
    }
    return run(entries[number], kit::Bench{subject, has_reports(subject)});
}

Report check_source(const Subject& subject) {
    Report report;
    report.subject = subject.name;
    const kit::Bench bench{subject, has_reports(subject)};
    for (const Entry& entry : entries) {
        report.results.push_back(run(entry, bench));
        if (entry.promise.number == 0 && report.results.back().outcome != Outcome::passed) {
            break;
        }
    }
    return report;
}

Report check_source(std::function<GSource*()> factory, std::function<void(GSource*)> stimulus) {
    Subject subject;
    subject.name = "source";
    subject.make = std::move(factory);
    subject.stimulate = std::move(stimulus);
    return check_source(subject);
}

bool Report::passed() const noexcept {
    return std::none_of(results.begin(), results.end(),
                        [](const CaseResult& result) { return result.outcome == Outcome::failed; });
}

std::string Report::text() const {
    std::string text = subject + "\n";
    for (const CaseResult& result : results) {
        const char* word = result.outcome == Outcome::passed   ? "pass"
                           : result.outcome == Outcome::failed ? "FAIL"
                                                               : "n/a ";
        text += std::string("  ") + word + "  " + (result.promise.number < 10 ? " " : "") +
                std::to_string(result.promise.number) + " " + result.promise.name;
        text += result.words.empty() ? "\n" : ": " + result.words + "\n";
        if (result.outcome == Outcome::failed) {
            text += std::string("           It matters because ") + result.promise.why + ".\n" + result.trace;
        }
    }
    return text;
}

}  // namespace nestling::lab
