// SPDX-License-Identifier: MIT
#include "meter/histogram.hpp"

#include <chrono>

#include "meter/frame_meter.hpp"
#include "support/testing.hpp"

using namespace demo;
using namespace std::chrono_literals;

TEST_CASE("a quantile is never too small and at most an eighth too large", "[demo]") {
    int tried = 0;
    for (std::int64_t value = 0; value < 5'000'000'000; value = value * 17 / 16 + 1) {
        Histogram histogram;
        histogram.add(std::chrono::nanoseconds(value));
        // So that the quantile is not cut at the largest.
        histogram.add(100s);
        const std::int64_t read = histogram.quantile(0.5).count();
        if (read < value || read > value + value / 8) {
            CAPTURE(value, read);
            FAIL("out of its bounds");
        }
        ++tried;
    }
    CHECK(tried > 300);
}

TEST_CASE("quantiles count, and the largest is exact", "[demo]") {
    Histogram histogram;
    CHECK(histogram.quantile(0.99) == 0ns);
    for (int i = 1; i <= 100; ++i) {
        histogram.add(std::chrono::nanoseconds(i <= 50 ? 5 : i <= 99 ? 7 : 1000003));
    }
    CHECK(histogram.count() == 100);
    CHECK(histogram.quantile(0.5) == 5ns);
    CHECK(histogram.quantile(0.51) == 7ns);
    CHECK(histogram.quantile(0.99) == 7ns);
    CHECK(histogram.quantile(1) == 1000003ns);
    CHECK(histogram.max() == 1000003ns);
}

TEST_CASE("neighbouring ranges share out all that was counted", "[demo]") {
    Histogram histogram;
    for (int i = 0; i < 1000; ++i) {
        histogram.add(std::chrono::nanoseconds(i * i));
    }
    std::uint64_t total = 0;
    for (std::chrono::nanoseconds from{0}; from < 2ms; from = from * 2 + 1ns) {
        total += histogram.between(from, from * 2 + 1ns);
    }
    CHECK(total == 1000);
    CHECK(histogram.between(8ns, 16ns) == 1);
}

TEST_CASE("frames that took too long are late, and the open one counts for the worst", "[demo]") {
    FrameMeter meter;
    meter.frame(1s);
    meter.begin(1s);
    meter.frame(1s + 16ms);
    meter.frame(1s + 16ms + 26ms);
    FrameMeter::Facts facts = meter.facts(1s + 50ms);
    CHECK(facts.frames == 2);
    CHECK(facts.late == 1);
    CHECK(facts.worst == 26ms);
    CHECK(meter.facts(1s + 142ms).worst == 100ms);
    CHECK(meter.intervals().size() == 2);
}
