// SPDX-License-Identifier: MIT
// poll() between GLib's prepare and its poll loses nothing, wherever a producer steps in.
#include <random>
#include <string>
#include <vector>

#include "glib/schedule_runner.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

namespace {

using Steps = std::vector<Step>;

/// `act` before, between and after zero, one and two calls of poll(), and around one that may block.
std::vector<Steps> around_polls(Step step) {
    const Step none{Act::poll_none};
    const Step block{Act::poll_block};
    return {
        {step},        {step, none},  {none, step},        {step, none, none}, {none, step, none}, {none, none, step},
        {step, block}, {block, step}, {block, step, block}};
}

bool is_for_home_only(Act act) {
    return act == Act::advance_virtual || act >= Act::cancel_timers;
}

bool is_worth_a_thread(Point point) {
    return point == Point::later_prepare || point == Point::before_poll || point == Point::in_callback;
}

}  // namespace

TEST_CASE("whatever is produced at any point around the polls of any iteration is run before GLib sleeps",
          "[window][enumerated][G7.1][G7.2][G4.1][G4.2][G4.3][G4.4][G4.5][G4.6][B-5][B-6][F20.2]") {
    const Setting setting = GENERATE(from_range(settings()));
    const auto driver = static_cast<Driver>(GENERATE(range(0, drivers)));
    const auto start = static_cast<Start>(GENERATE(range(0, starts)));
    CAPTURE(setting.name(), start);
    Runner runner(setting, start, one_of_many);
    for (int point = 0; point < points; ++point) {
        for (int act = 0; act < producing_acts; ++act) {
            for (const Actor actor : {Actor::home, Actor::other_thread}) {
                const Step step{static_cast<Act>(act), actor};
                const auto where = static_cast<Point>(point);
                // Its 10 ms are the same wait with every driver.
                if (step.act == Act::schedule_idle &&
                    (start != Start::awake || (driver != Driver::plain && driver != Driver::starves_check))) {
                    continue;
                }
                if (actor == Actor::other_thread && (is_for_home_only(step.act) || !is_worth_a_thread(where))) {
                    continue;
                }
                for (const Steps& steps : around_polls(step)) {
                    Schedule schedule;
                    schedule.driver = driver;
                    schedule[where] = steps;
                    if (where == Point::in_callback) {
                        schedule[Point::before_poll] = {{Act::trigger}, {Act::poll_none}};
                    }
                    runner.run(schedule);
                }
            }
        }
    }
    CHECK(runner.count() > 1000);
    CHECK(runner.report() == "");
}

TEST_CASE("whatever a callback of a dispatch or of a nested poll produces is run, also after further polls",
          "[window][G7.1][G7.2]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    Runner runner(setting);
    const std::vector<std::pair<Point, Steps>> ways{
        {Point::earlier_prepare, {{Act::trigger}}},
        {Point::later_prepare, {{Act::trigger}, {Act::poll_block}}},
        {Point::before_poll, {{Act::trigger}}},
        {Point::before_poll, {{Act::trigger}, {Act::poll_none}}},
        {Point::before_poll, {{Act::trigger}, {Act::poll_none}, {Act::poll_none}}},
        {Point::before_poll, {{Act::trigger}, {Act::poll_none}, {Act::poll_block}}},
        {Point::after_poll, {{Act::trigger}, {Act::poll_none}}},
    };
    for (const auto& [point, steps] : ways) {
        for (int act = 0; act < producing_acts; ++act) {
            for (const Act after : {Act::cancel_timers, Act::poll_none, Act::poll_block, Act::iterate}) {
                Schedule schedule;
                schedule[point] = steps;
                schedule[Point::in_callback] = {{static_cast<Act>(act)}, {after}};
                runner.run(schedule);
            }
        }
    }
    CHECK(runner.report() == "");
}

TEST_CASE("a timer armed after poll() has dealt with the one that GLib was told of still wakes GLib",
          "[window][G7.2]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    Runner runner(setting);
    for (const Point point : {Point::later_prepare, Point::before_poll}) {
        for (const Actor actor : {Actor::home, Actor::other_thread}) {
            for (const Step& deal_with : {Step{Act::cancel_timers}, Step{Act::poll_earlier}}) {
                for (const Act poll : {Act::poll_none, Act::poll_block}) {
                    Schedule schedule;
                    schedule[point] = {deal_with, {poll}, {Act::arm_later, actor}};
                    runner.run(schedule);
                }
            }
        }
    }
    CHECK(runner.report() == "");
}

TEST_CASE("whatever several producers do at several points, among polls, is run before GLib sleeps",
          "[window][enumerated][G7.1][G7.2]") {
    const Setting setting = GENERATE(from_range(settings()));
    const auto start = static_cast<Start>(GENERATE(range(0, starts)));
    CAPTURE(setting.name(), start);
    Runner runner(setting, start, one_of_many);
    // The same sequence on every machine: distributions of the standard library are not.
    std::minstd_rand random(20260817);
    const auto below = [&](int limit) { return static_cast<int>(random() % static_cast<unsigned>(limit)); };
    for (int round = 0; round < 1500; ++round) {
        Schedule schedule;
        schedule.driver = static_cast<Driver>(below(drivers));
        for (int step = 3 + below(8); step != 0; --step) {
            const auto point = static_cast<Point>(below(points));
            auto act = static_cast<Act>(below(acts));
            if (act == Act::iterate && point != Point::in_callback) {
                act = Act::poll_none;
            }
            const bool other = !is_for_home_only(act) && is_worth_a_thread(point) && below(4) == 0;
            schedule[point].push_back({act, other ? Actor::other_thread : Actor::home});
        }
        runner.run(schedule);
    }
    CHECK(runner.report() == "");
}

}  // namespace nestling::testing
