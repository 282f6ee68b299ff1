// SPDX-License-Identifier: MIT
#include "loop/busy_poll.hpp"

#include <algorithm>
#include <limits>

#include "support/testing.hpp"
#include "unit/seed.hpp"

namespace nestling::testing {

namespace {

using loop::PollWindow;

constexpr std::int64_t max = 50'000;
/// Waking up from a sleep takes longer than polling ever does: then no sleep looks short.
constexpr std::int64_t wake_up = 80'000;

/// One wait in which something comes after `time`. True if polling finds it.
bool wait_for(PollWindow& window, std::int64_t time) {
    if (time <= window.length()) {
        window.found(time);
        return true;
    }
    window.slept(std::max(time, window.length()) + wake_up);
    return false;
}

/// How many waits of `time` are slept through before polling finds one; -1: too many.
int sleeps_until_found(PollWindow& window, std::int64_t time) {
    constexpr int far_too_many = 10'000;
    for (int sleeps = 0; sleeps != far_too_many; ++sleeps) {
        if (wait_for(window, time)) {
            return sleeps;
        }
    }
    return -1;
}

}  // namespace

TEST_CASE("without a maximum nothing is ever polled") {
    PollWindow window;
    PollWindow negative(BusyPolling{.max = std::chrono::nanoseconds(-5)});
    for (int wait = 0; wait != 1000; ++wait) {
        window.slept(wait);
        negative.slept(wait);
        CHECK(window.length() == 0);
        CHECK(negative.length() == 0);
    }
}

TEST_CASE("the first wait is polled for the whole maximum, and one that is found keeps it") {
    PollWindow window(BusyPolling{.max = std::chrono::nanoseconds(max)});
    CHECK(window.length() == max);
    window.found(1);
    window.found(max);
    CHECK(window.length() == max);
}

TEST_CASE("a long wait shortens the window and does not end polling") {
    PollWindow window(BusyPolling{.max = std::chrono::nanoseconds(max), .shrink = 4});
    window.slept(max + 1);
    CHECK(window.length() == max / 4);
    window.slept(10 * max);
    CHECK(window.length() == max / 16);
    window.found(100);
    CHECK(window.length() == max / 16);
}

TEST_CASE("what comes late in a window lengthens it") {
    PollWindow window(BusyPolling{.max = std::chrono::nanoseconds(max), .grow = 3});
    while (window.length() > 5000) {
        window.slept(max + 1);
    }
    const std::int64_t before = window.length();
    window.found(before);
    CHECK(window.length() == 3 * before);
}

TEST_CASE("a sleep that ends within the maximum lengthens the window, but not for ever in vain") {
    PollWindow window(BusyPolling{.max = std::chrono::nanoseconds(max)});
    while (window.length() > 5000) {
        window.slept(max + 1);
    }
    const std::int64_t before = window.length();
    std::int64_t longest = 0;
    window.slept(max - 1);
    CHECK(window.length() == 2 * before);
    // Whoever answers needs our CPU: polling never finds it, and each sleep is short.
    int polled = 0;
    constexpr int waits = 10'000;
    for (int wait = 0; wait != waits; ++wait) {
        polled += window.length() != 0 ? 1 : 0;
        longest = std::max(longest, window.length());
        window.slept(max - 1);
    }
    CHECK(polled <= waits / static_cast<int>(PollWindow::last_distance) + 20);
    CHECK(longest == max);
}

TEST_CASE("while nothing short comes, polling is tried in at least one of 128 sleeps, and in no more than needed") {
    PollWindow window(BusyPolling{.max = std::chrono::nanoseconds(max)});
    constexpr int waits = 100'000;
    int polled = 0;
    unsigned without = 0;
    unsigned longest_without = 0;
    for (int wait = 0; wait != waits; ++wait) {
        without = window.length() == 0 ? without + 1 : 0;
        longest_without = std::max(longest_without, without);
        polled += window.length() != 0 ? 1 : 0;
        window.slept(1'000'000'000);
    }
    CHECK(longest_without == PollWindow::last_distance - 1);
    CHECK(polled <= waits / static_cast<int>(PollWindow::last_distance) + 20);
}

TEST_CASE("a fixed window stays whatever comes") {
    PollWindow window(BusyPolling{.max = std::chrono::nanoseconds(max), .grow = 0, .shrink = 0});
    for (int wait = 0; wait != 1000; ++wait) {
        window.slept(1'000'000'000);
        window.found(1);
        CHECK(window.length() == max);
    }
}

TEST_CASE("after any number of long waits, short ones bring polling back") {
    for (int long_waits = 0; long_waits <= 3000; long_waits += 1 + long_waits / 7) {
        for (const std::int64_t time : {std::int64_t{1}, std::int64_t{700}, max / 2, max}) {
            PollWindow window(BusyPolling{.max = std::chrono::nanoseconds(max)});
            window.found(time);
            for (int wait = 0; wait != long_waits; ++wait) {
                window.slept(1'000'000);
            }
            const int sleeps = sleeps_until_found(window, time);
            CAPTURE(long_waits, time, sleeps);
            CHECK(sleeps >= 0);
            CHECK(sleeps <= static_cast<int>(PollWindow::last_distance) + 20);
            // And it stays.
            int slept = 0;
            for (int wait = 0; wait != 1000; ++wait) {
                slept += wait_for(window, time) ? 0 : 1;
            }
            CHECK(slept == 0);
        }
    }
}

TEST_CASE("random waits and rules: the window keeps its bounds, and short waits always bring it back") {
    const std::uint64_t seed = random_seed();
    CAPTURE(seed);
    Random random(seed);
    int too_long = 0;
    int negative = 0;
    int lost = 0;
    int too_late = 0;
    for (int run = 0; run != 2000; ++run) {
        const std::int64_t most = random.of_any_magnitude(9);
        PollWindow window(
            BusyPolling{.max = std::chrono::nanoseconds(most), .grow = random.below(5U), .shrink = random.below(5U)});
        for (int wait = random.below(2000); wait > 0; --wait) {
            if (window.length() != 0 && random.below(3) == 0) {
                window.found(random.below(window.length() + 1));
            } else {
                window.slept(window.length() + random.of_any_magnitude(12));
            }
            too_long += window.length() > most ? 1 : 0;
            negative += window.length() < 0 ? 1 : 0;
        }
        const int sleeps = sleeps_until_found(window, 1 + random.below(most));
        lost += sleeps < 0 ? 1 : 0;
        // The window may have to decay first: from a large one, by a factor of 2 to 5.
        too_late += sleeps > static_cast<int>(PollWindow::last_distance) + 40 ? 1 : 0;
    }
    CHECK(too_long == 0);
    CHECK(negative == 0);
    CHECK(lost == 0);
    CHECK(too_late == 0);
}

TEST_CASE("waits that others end count towards the time that a source took", "[F10.3][F10.6]") {
    PollWindow window(BusyPolling{.max = std::chrono::nanoseconds(max)});
    window.missed(max / 2);
    window.found(max / 4);
    CHECK(window.length() == max);
    // Now and then, and never within the maximum: not even although polling goes on for others.
    for (int event = 0; event != 10; ++event) {
        for (int wait = 0; wait != 3; ++wait) {
            window.missed(max / 2);
        }
        window.found(1);
    }
    CHECK(window.length() == 0);
}

TEST_CASE("a source without events stops being polled for, and without being tried again", "[F10.9]") {
    PollWindow window(BusyPolling{.max = std::chrono::nanoseconds(max)});
    for (int wait = 0; wait != 1000; ++wait) {
        window.missed(max);
    }
    CHECK(window.length() == 0);
    // Until it has some.
    int sleeps = 0;
    while (window.length() == 0 && sleeps != 1000) {
        window.slept(100);
        ++sleeps;
    }
    CHECK(window.length() != 0);
}

TEST_CASE("with a weight one long wait among short ones changes nothing, and many do", "[F10.6]") {
    const BusyPolling rule{.max = std::chrono::nanoseconds(max), .weight = 3};
    PollWindow window(rule);
    PollWindow hasty(BusyPolling{.max = std::chrono::nanoseconds(max)});
    for (PollWindow* each : {&window, &hasty}) {
        for (int wait = 0; wait != 20; ++wait) {
            each->found(1'000);
        }
        each->slept(2 * max);
    }
    CHECK(window.length() == max);
    CHECK(hasty.length() == max / 2);
    for (int wait = 0; wait != 20; ++wait) {
        window.slept(2 * max);
    }
    CHECK(window.length() < max);
}

TEST_CASE("the largest numbers do not overflow") {
    constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
    PollWindow window(BusyPolling{.max = std::chrono::nanoseconds(largest), .grow = 4'000'000'000U});
    window.slept(largest);
    CHECK(window.length() > 0);
    window.found(largest);
    CHECK(window.length() == largest);
    window.found(largest - 1);
    CHECK(window.length() == largest);
    window.missed(largest);
    window.missed(largest);
    window.found(largest);
    CHECK(window.length() >= 0);
}

}  // namespace nestling::testing
