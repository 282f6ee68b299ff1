// SPDX-License-Identifier: MIT
// Call sequence G: what becomes of a deadline on its way through GLib's milliseconds.
#include <algorithm>
#include <chrono>
#include <functional>
#include <vector>

#include "glib/nested_lab.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

using namespace std::chrono_literals;

TEST_CASE("a 100 us timer is exact, and GLib gets by without a timeout of its own", "[sequence][G][R7][R8][F20.7]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    NestedLab nested(setting);
    std::vector<std::chrono::nanoseconds> fired;
    std::vector<std::chrono::nanoseconds> due;
    Timer timer;
    const auto arm = [&] {
        due.push_back(nested.lab.now() + 100us);
        timer.arm_after(100us);
    };
    timer = Timer(*nested.context, "timer", [&] {
        fired.push_back(nested.lab.now());
        arm();
    });
    nested.settle();
    arm();
    const std::uint64_t steps = nested.lab.steps_made();
    CHECK(nested.run_until([&] { return fired.size() == 100; }));
    due.pop_back();
#if NESTLING_TEST_TIMERFD
    CHECK(fired == due);
    // Each is an iteration, but for what the first takes to learn about the descriptor.
    CHECK(nested.lab.steps_made() - steps <= 100 + 4);
#else
    CHECK(std::equal(fired.begin(), fired.end(), due.begin(), std::greater_equal<>()));
    CHECK(nested.lab.steps_made() - steps <= 2 * 100 + 4);
#endif
}

TEST_CASE("a timer that is moved forward by another thread ends GLib's sleep", "[sequence][G]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    NestedLab nested(setting);
    int fired = 0;
    Timer timer(*nested.context, "timer", [&] { ++fired; });
    timer.arm_after(24h);
    nested.settle();
    nested.lab.before(lab::Phase::poll,
                      [&] { nested.lab.on_thread([&] { timer.anticipate(clock_now(Clock::monotonic)); }); });
    CHECK(nested.run_until([&] { return fired == 1; }));
    // Real time goes on meanwhile.
    CHECK(nested.lab.now() < (nested.lab.has_virtual_time() ? 1ms : 1h));
}

}  // namespace nestling::testing
