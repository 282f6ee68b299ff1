// SPDX-License-Identifier: MIT
// Up to three producers against every phase of a GMainContext's iteration, all combinations of a bounded set.
#include <array>
#include <vector>

#include "glib/schedule_runner.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

namespace {

/// The ways to publish that differ in what they change: the list, a flag beside it, a deadline, the descriptors.
constexpr std::array<Act, 4> ways{Act::schedule, Act::notify, Act::arm_due, Act::make_fd_readable};

/// Where a producer steps in. The window has two calls of poll(), with a place before, between and after them.
enum class Place : std::uint8_t { preparing, before_polls, between_polls, after_polls, checking };
constexpr int places = 5;

Schedule schedule_of(const std::array<int, 3>& at, const std::array<int, 3>& how, std::size_t producers) {
    Schedule schedule;
    std::array<std::vector<Step>, places> by_place;
    for (std::size_t who = 0; who < producers; ++who) {
        by_place[static_cast<std::size_t>(at[who])].push_back(
            {ways[static_cast<std::size_t>(how[who])], Actor::other_thread});
    }
    const auto steps = [&by_place](Place place) { return by_place[static_cast<std::size_t>(place)]; };
    schedule[Point::later_prepare] = steps(Place::preparing);
    std::vector<Step>& window = schedule[Point::before_poll];
    for (const Place place : {Place::before_polls, Place::between_polls, Place::after_polls}) {
        if (place != Place::before_polls) {
            window.push_back({Act::poll_none});
        }
        for (const Step& step : steps(place)) {
            window.push_back(step);
        }
    }
    schedule[Point::earlier_check] = steps(Place::checking);
    return schedule;
}

/// Calls `function` with every choice of `count` numbers below `limit`; the rest are 0.
template <class Function>
void for_each_choice(std::size_t count, int limit, Function function) {
    std::array<int, 3> choice{};
    for (;;) {
        function(choice);
        std::size_t digit = 0;
        while (digit < count && ++choice[digit] == limit) {
            choice[digit++] = 0;
        }
        if (digit == count) {
            return;
        }
    }
}

}  // namespace

TEST_CASE("whatever one, two or three threads publish, in every phase and around two polls, is run before GLib sleeps",
          "[window][enumerated][G7.1][G7.2]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    Runner runner(setting, Start::awake, one_of_many);
    for (std::size_t producers = 1; producers <= 3; ++producers) {
        for_each_choice(producers, places, [&](const std::array<int, 3>& at) {
            for_each_choice(producers, static_cast<int>(ways.size()), [&](const std::array<int, 3>& how) {
                // Who does what makes no difference: in the order of what they do.
                if (producers == 3 && (how[0] > how[1] || how[1] > how[2])) {
                    return;
                }
                runner.run(schedule_of(at, how, producers));
            });
        });
    }
    CHECK(runner.count() == 5 * 4 + 25 * 16 + 125 * 20);
    CHECK(runner.report() == "");
}

}  // namespace nestling::testing
