// SPDX-License-Identifier: MIT
#include "async/loop_examination.hpp"

#include <array>
#include <cstdio>

namespace nestling::async {

namespace {

/// For people: three digits are enough.
std::string in_words(std::int64_t nanoseconds) {
    struct Unit {
        std::int64_t size;
        const char* name;
    };
    constexpr std::array<Unit, 3> units{Unit{1'000'000'000, "s"}, Unit{1'000'000, "ms"}, Unit{1'000, "us"}};
    std::array<char, 32> text{};
    for (const Unit& unit : units) {
        if (nanoseconds >= unit.size) {
            const double number = static_cast<double>(nanoseconds) / static_cast<double>(unit.size);
            std::snprintf(text.data(), text.size(), "%.3g %s", number, unit.name);
            return text.data();
        }
    }
    return std::to_string(nanoseconds) + " ns";
}

}  // namespace

Diagnosis& LoopExamination::add(Diagnosis::Kind kind, const std::string& handle) {
    found_.push_back({kind, context_, handle, std::chrono::nanoseconds(0), 0, false, {}});
    return found_.back();
}

std::vector<Diagnosis> LoopExamination::look(const LoopSight& sight, const LoopDoctorOptions& options) {
    found_.clear();
    calls_since_ = 0;
    for (const auto& row : sight.rows) {
        const auto known = known_.find({row.place, row.incarnation});
        calls_since_ += row.calls - (known == known_.end() ? 0 : known->second.calls);
    }
    look_for_long(sight, options);
    for (const auto& row : sight.rows) {
        look_at(row, sight, options);
    }
    look_for_stuck(sight, options);
    if (known_.size() > 2 * sight.rows.size()) {
        // Most are of handles that are gone.
        std::map<Handle, Known> kept;
        for (const auto& row : sight.rows) {
            kept.insert(*known_.find({row.place, row.incarnation}));
        }
        known_ = std::move(kept);
    }
    last_look_ = sight.now;
    is_first_ = false;
    return std::move(found_);
}

void LoopExamination::look_for_long(const LoopSight& sight, const LoopDoctorOptions& options) {
    const std::int64_t duration = sight.now - sight.running.since;
    if (!sight.running.is_running || duration < options.long_callback.count() || told_since_ == sight.running.since) {
        return;
    }
    told_since_ = sight.running.since;
    told_place_ = sight.running.place;
    Diagnosis& found = add(Diagnosis::Kind::long_callback, sight.running.name);
    found.duration = std::chrono::nanoseconds(duration);
    found.is_running = true;
    found.text = "\"" + found.handle + "\" of context \"" + context_ + "\" has been running for " + in_words(duration);
}

void LoopExamination::look_at(const loop::HandlerLog::Row& row, const LoopSight& sight,
                              const LoopDoctorOptions& options) {
    Known& known = known_[{row.place, row.incarnation}];
    std::uint64_t long_calls = row.long_calls - known.long_calls;
    const bool has_ended = !sight.running.is_running || sight.running.since != told_since_;
    if (long_calls != 0 && told_since_ != 0 && told_place_ == row.place && has_ended) {
        --long_calls;
        told_since_ = 0;
    }
    if (long_calls != 0) {
        Diagnosis& found = add(Diagnosis::Kind::long_callback, row.name);
        found.duration = std::chrono::nanoseconds(row.last_long);
        found.count = long_calls;
        found.text = "\"" + row.name + "\" of context \"" + context_ + "\" ran for " + in_words(row.last_long);
    }

    const bool is_same_run = row.in_a_row >= known.in_a_row;
    const std::uint64_t more = is_same_run ? row.in_a_row - known.in_a_row : row.in_a_row;
    const bool spins = more >= options.spin_iterations;
    if (spins && !known.spins) {
        Diagnosis& found = add(Diagnosis::Kind::spinning, row.name);
        found.count = row.in_a_row;
        found.text = "\"" + row.name + "\" of context \"" + context_ + "\" was called in " +
                     std::to_string(row.in_a_row) + " iterations in a row, " +
                     (row.is_descriptor ? "and its descriptor was ready still after each call"
                                        : "and the loop had no time to wait");
    }

    const std::int64_t passed = sight.now - last_look_;
    const std::int64_t time = row.time - known.time;
    const std::uint64_t calls = row.calls - known.calls;
    // One long call is told of as such.
    const bool starves = !is_first_ && passed > 0 && calls > 1 && calls_since_ > calls &&
                         time * 100 >= passed * static_cast<std::int64_t>(options.starving_percent);
    if (starves && !known.starves) {
        Diagnosis& found = add(Diagnosis::Kind::starving, row.name);
        found.duration = std::chrono::nanoseconds(time);
        found.count = calls;
        found.text = "\"" + row.name + "\" of context \"" + context_ + "\" took " + in_words(time) + " of " +
                     in_words(passed) + ", in " + std::to_string(calls) + " calls";
    }
    known = {row.calls, row.time, row.long_calls, row.in_a_row, spins, starves};
}

void LoopExamination::look_for_stuck(const LoopSight& sight, const LoopDoctorOptions& options) {
    if (is_first_ || sight.iterations != iterations_ || sight.may_rest || sight.running.is_running) {
        iterations_ = sight.iterations;
        moved_at_ = sight.now;
        is_stuck_ = false;
        return;
    }
    const std::int64_t duration = sight.now - moved_at_;
    if (is_stuck_ || duration < options.stuck.count()) {
        return;
    }
    is_stuck_ = true;
    Diagnosis& found = add(Diagnosis::Kind::stuck, "");
    found.duration = std::chrono::nanoseconds(duration);
    found.text = "context \"" + context_ + "\" has not iterated for " + in_words(duration) +
                 ", and no callback of it is running";
}

}  // namespace nestling::async
