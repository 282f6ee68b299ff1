// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace nestling::testing {

/// What somebody does to a context while an outer loop is about to sleep on its behalf.
enum class Act : std::uint8_t {
    // What produces work: the loop may not sleep for ever before that has run.
    schedule,
    post,
    schedule_idle,
    notify,           ///< after making a `poll` hook say yes, which no descriptor shows
    arm_due,          ///< a timer for now
    arm_soon,         ///< a timer for half a millisecond from now
    arm_later,        ///< a timer for a little later than the one that GLib was told of
    arm_wall,         ///< a timer on the wall clock, for now
    advance_virtual,  ///< makes a timer on the virtual clock due (home thread)
    add_ready_fd,
    make_fd_readable,  ///< of a handler that is there
    unmute_fd,         ///< watch() on a handler whose descriptor is readable
    replace_fd,        ///< set() on a handler whose descriptor is readable
    // What produces none, and may not lose what others do.
    remove_fd,  ///< of a handler whose descriptor is readable
    cancel_timers,
    // What takes work, and with it wakeups.
    poll_none,
    poll_block,    ///< with work, so that it returns
    poll_earlier,  ///< sleeps until the timer that GLib was told of has fired
    iterate,       ///< a nested iteration of the GMainContext; in callbacks only
    trigger,       ///< schedules the bottom half whose callback is the point `in_callback`
};
constexpr int acts = 20;
constexpr int producing_acts = 15;

enum class Actor : std::uint8_t { home, other_thread };

struct Step {
    Act act;
    Actor actor = Actor::home;
};

/// Where in one iteration of the GMainContext.
enum class Point : std::uint8_t {
    earlier_prepare,  ///< prepare of a source that comes before ours
    later_prepare,    ///< prepare of one that comes after
    before_poll,
    in_callback,  ///< in a bottom half, wherever that runs
    after_poll,
    earlier_check,
    later_check,
};
constexpr int points = 7;

/// What the iteration is.
enum class Driver : std::uint8_t {
    plain,
    pending,           ///< g_main_context_pending(), whose result is thrown away
    skips_check,       ///< the set of descriptors changes meanwhile: GLib calls nobody's check
    starves_check,     ///< an earlier source turns out to be ready: ours was prepared, and is not checked
    repeats_prepare,   ///< by hand, with prepare twice
    abandons_prepare,  ///< by hand, prepare and nothing else; then iterations as usual
};
constexpr int drivers = 6;

struct Schedule {
    Driver driver = Driver::plain;
    std::array<std::vector<Step>, points> at;

    std::vector<Step>& operator[](Point point) { return at[static_cast<std::size_t>(point)]; }
    [[nodiscard]] std::string text() const;
};

}  // namespace nestling::testing
