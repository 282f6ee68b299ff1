// SPDX-License-Identifier: MIT
#include "glib/window_schedule.hpp"

namespace nestling::testing {

namespace {
constexpr std::array<const char*, acts> act_names{"schedule",        "post",         "schedule_idle",    "notify",
                                                  "arm_due",         "arm_soon",     "arm_later",        "arm_wall",
                                                  "advance_virtual", "add_ready_fd", "make_fd_readable", "unmute_fd",
                                                  "replace_fd",      "remove_fd",    "cancel_timers",    "poll_none",
                                                  "poll_block",      "poll_earlier", "iterate",          "trigger"};
constexpr std::array<const char*, points> point_names{"earlier_prepare", "later_prepare", "before_poll", "in_callback",
                                                      "after_poll",      "earlier_check", "later_check"};
constexpr std::array<const char*, drivers> driver_names{"plain",         "pending",         "skips_check",
                                                        "starves_check", "repeats_prepare", "abandons_prepare"};
}  // namespace

std::string Schedule::text() const {
    std::string result = driver_names[static_cast<std::size_t>(driver)];
    for (std::size_t point = 0; point < at.size(); ++point) {
        if (at[point].empty()) {
            continue;
        }
        result += std::string("; ") + point_names[point] + ":";
        for (const Step& step : at[point]) {
            result += std::string(" ") + act_names[static_cast<std::size_t>(step.act)];
            result += step.actor == Actor::other_thread ? "@other" : "";
        }
    }
    return result;
}

}  // namespace nestling::testing
