// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "glib/window_world.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

/// Runs one schedule; counts it, and says what went wrong.
class Runner {
public:
    explicit Runner(const Setting& setting, Start start = Start::awake) : setting_(setting), start_(start) {}

    void run(const Schedule& schedule) {
        ++count_;
        if (failures_ == enough_failures) {
            return;
        }
        WindowWorld world(second_thread_, setting_, start_);
        const std::string error = world.run(schedule);
        if (!error.empty()) {
            ++failures_;
            UNSCOPED_INFO(schedule.text() << " => " << error);
        }
    }

    [[nodiscard]] int count() const noexcept { return count_; }
    [[nodiscard]] int failures() const noexcept { return failures_; }

private:
    /// Each may take as long as a timer is waited for.
    static constexpr int enough_failures = 5;

    SecondThread second_thread_;
    Setting setting_;
    Start start_;
    int count_ = 0;
    int failures_ = 0;
};

}  // namespace nestling::testing
