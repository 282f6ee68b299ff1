// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "glib/window_world.hpp"

namespace nestling::testing {

/// Of sets of many thousand schedules, one of so many is run, evenly spread: each, where that does not take too long.
constexpr int one_of_many = NESTLING_TEST_ONE_OF_MANY;

/// Runs schedules, or one of `one_of`; counts them, and says what went wrong.
class Runner {
public:
    explicit Runner(const Setting& setting, Start start = Start::awake, int one_of = 1)
        : setting_(setting), start_(start), one_of_(one_of) {}

    void run(const Schedule& schedule) {
        if (count_++ % one_of_ != 0 || failures_ == enough_failures) {
            return;
        }
        WindowWorld world(second_thread_, setting_, start_);
        const std::string error = world.run(schedule);
        if (!error.empty()) {
            ++failures_;
            report_ += schedule.text() + " => " + error + "\n";
        }
    }

    [[nodiscard]] int count() const noexcept { return count_; }
    /// Empty if all went well, else a line for each failure.
    [[nodiscard]] const std::string& report() const noexcept { return report_; }

private:
    /// Each may take as long as a timer is waited for.
    static constexpr int enough_failures = 5;

    SecondThread second_thread_;
    Setting setting_;
    Start start_;
    int one_of_;
    int count_ = 0;
    int failures_ = 0;
    std::string report_;
};

}  // namespace nestling::testing
