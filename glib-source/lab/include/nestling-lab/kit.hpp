// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace nestling::lab {

/// Any thread. For the callback of a source under test: tells the kit that an event has been delivered. Without it the
/// kit counts dispatches, and leaves out what only a callback can show.
void delivered();

/// What a kind of source does that not all do. Bits.
enum class Traits : unsigned {
    none = 0,
    /// It is removed after its first event.
    one_shot = 1,
    /// It delivers events that nobody stimulates: an idle source, a timer that repeats.
    repeats = 2,
    /// To stimulate it is to post: from any thread, and all that the post writes is a wake-up.
    posts = 4,
    /// Others hold references to it, as the objects do by which languages with a garbage collector know it: that it is
    /// finalized, and closes what it owns, is not asked.
    held = 8,
};
constexpr Traits operator|(Traits a, Traits b) noexcept {
    return static_cast<Traits>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
constexpr bool has(Traits traits, Traits trait) noexcept {
    return (static_cast<unsigned>(traits) & static_cast<unsigned>(trait)) != 0;
}

/// What the kit has to know of a kind of source. All is called on the lab's thread, unless the source posts.
struct Subject {
    std::string name;
    /// A new source with its callback set, not attached. The reference is the kit's.
    std::function<GSource*()> make;
    /// Brings about one event of `source`, which is attached. Empty: its events come with time.
    std::function<void(GSource* source)> stimulate;
    Traits traits = Traits::none;
    /// Of a timer: its next event is due after `time` from now. Optional.
    std::function<void(GSource* source, std::chrono::nanoseconds time)> arm;
    /// The descriptor that the source watches and does not own. Optional.
    std::function<int(GSource* source)> fd;
    /// Of a source that belongs to an adapter: ends the adapter, and with it the source, but for the kit's reference.
    /// Empty: g_source_destroy().
    std::function<void(GSource* source)> destroy;
};

enum class Outcome : std::uint8_t { passed, failed, not_applicable };

/// One promise that a source keeps or not.
struct Case {
    unsigned number;
    const char* name;
    /// Why it matters, in a sentence.
    const char* why;
};

struct CaseResult {
    Case promise;
    Outcome outcome = Outcome::passed;
    /// What went wrong, or why it does not apply.
    std::string words;
    /// The last steps of the lab.
    std::string trace;
};

struct Report {
    std::string subject;
    std::vector<CaseResult> results;
    [[nodiscard]] bool passed() const noexcept;
    /// A line for each case, and the trace of those that failed.
    [[nodiscard]] std::string text() const;
};

/// The cases, by number from 1 on. Case 0, in front of all, is that the kit can make the source and stimulate it at
/// all.
const std::vector<Case>& cases();

/// Home thread: no lab may live. Runs one case on fresh labs.
CaseResult check_case(const Subject& subject, unsigned number);
/// Home thread. Runs all cases; only case 0 if that fails.
Report check_source(const Subject& subject);
/// The same of a source without traits.
Report check_source(std::function<GSource*()> factory, std::function<void(GSource*)> stimulus);

}  // namespace nestling::lab
