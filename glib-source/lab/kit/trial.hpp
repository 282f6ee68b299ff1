// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <nestling-lab/kit.hpp>
#include <nestling-lab/lab.hpp>

#include "kit/caught_logs.hpp"

namespace nestling::lab::kit {

/// How a case ends before its end.
struct Ended {
    Outcome outcome;
    std::string words;
    std::string trace;
};

/// What a case is run with.
struct Bench {
    const Subject& subject;
    /// The callback tells of deliveries.
    bool has_reports;
};

/// A fresh lab with a new source of the subject in it. One at a time.
class Trial {
public:
    enum class Begin : std::uint8_t { attached, apart };

    explicit Trial(const Bench& bench, Begin begin = Begin::attached);
    Trial(const Trial&) = delete;
    Trial& operator=(const Trial&) = delete;
    ~Trial();

    [[nodiscard]] Lab& lab() noexcept { return lab_; }
    [[nodiscard]] GSource* source() noexcept { return source_; }
    [[nodiscard]] SourceRecord& record() noexcept { return *record_; }
    [[nodiscard]] bool is(Traits trait) const noexcept { return has(bench_.subject.traits, trait); }
    /// Attaches it, and lets it come to rest.
    void attach();
    /// One event more is due.
    void stimulate();
    [[nodiscard]] std::uint64_t deliveries() const noexcept;
    /// Runs `action` in the callback, at the next delivery.
    void in_callback(std::function<void()> action);
    /// Gives the reference away.
    GSource* release() noexcept;
    /// Destroys it, as its owner does. The reference stays.
    void destroy();
    /// Destroys it, and drops the reference.
    void drop();

    /// A time in which a source that does too much shows it: ten seconds of virtual time, less if time is real.
    [[nodiscard]] std::chrono::nanoseconds a_while() const noexcept;
    /// Steps without time passing until nothing happens any more; gives up after some.
    void settle();
    /// One step without time passing.
    const Step& look();
    /// Steps until something is delivered, in the lab's time.
    bool await(std::uint64_t deliveries);
    /// That those stimulated have been delivered, each once, since `before`.
    void expect_delivered(std::uint64_t before, std::uint64_t count, const char* circumstance);
    void expect(bool holds, const std::string& words);
    [[noreturn]] void fail(const std::string& words);
    void expect_finalized(const SourceRecord& record);
    /// That what is left of the dropped source is nothing.
    void expect_gone();
    void expect_no_criticals();

private:
    const Bench& bench_;
    const CaughtLogs logs_;
    Lab lab_{LabOptions{.wall_clock = WallClock::follows}};
    GSource* source_ = nullptr;
    SourceRecord* record_ = nullptr;
    bool is_destroyed_ = false;
    std::uint64_t reports_before_;
    std::uint64_t criticals_before_;
};

[[noreturn]] void not_applicable(const std::string& words);
void needs_reports(const Bench& bench);
/// Leaves the case if the subject has `trait`.
void not_for(const Bench& bench, Traits trait, const char* words);

/// A source of the kit's own that is always ready, in the lab of `trial`.
class Rival {
public:
    Rival(Trial& trial, int priority);
    Rival(const Rival&) = delete;
    Rival& operator=(const Rival&) = delete;
    ~Rival() { end(); }
    void end();

private:
    GSource* source_;
};

using Run = void (*)(const Bench& bench);
struct Entry {
    Case promise;
    Run run;
};

// Of the files of cases.
void stimulus_is_answered(const Bench& bench);
void prepare_twice(const Bench& bench);
void prepare_without_check(const Bench& bench);
void check_without_prepare(const Bench& bench);
void dispatch_with_nothing_to_do(const Bench& bench);
void sticky_ready(const Bench& bench);
void stale_revents(const Bench& bench);
void starvation(const Bench& bench);
void timers_are_exact(const Bench& bench);
void no_spin(const Bench& bench);
void destroy_in_callback(const Bench& bench);
void destroy_between_phases(const Bench& bench);
void destroy_on_another_thread(const Bench& bench);
void nested_iteration(const Bench& bench);
void iteration_by_another_thread(const Bench& bench);
void errors_do_not_spin(const Bench& bench);
void fd_number_reused(const Bench& bench);
void interrupted_poll(const Bench& bench);
void fork_is_loud(const Bench& bench);
void name_and_priority(const Bench& bench);
void attach_twice(const Bench& bench);
void context_goes_first(const Bench& bench);
void wake_storm(const Bench& bench);
void silence_when_idle(const Bench& bench);

}  // namespace nestling::lab::kit
