// SPDX-License-Identifier: MIT
// What the model's own tests T1 to T7 ask of bottom halves, natively and, as T16 to T23, through a GSource.
#include <nestling/nestling.hpp>

#include <array>
#include <optional>

#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;

TEST_CASE("a scheduled bottom half runs once, in the next iteration and not at once", "[bh][T1][T7][T16][T23][F5.3]") {
    TestLoop loop(each_configuration());
    int runs = 0;
    const BottomHalf half(loop.context(), "half", [&] { ++runs; });
    half.schedule();
    CHECK(runs == 0);
    CHECK(half.is_scheduled());
    CHECK(loop.block());
    CHECK(runs == 1);
    CHECK_FALSE(half.is_scheduled());
    CHECK_FALSE(loop.look());
    CHECK(runs == 1);
}

TEST_CASE("a bottom half that schedules itself runs once in each iteration", "[bh][T2][T17][F5.6][F5.7]") {
    TestLoop loop(each_configuration());
    int runs = 0;
    BottomHalf half;
    half = BottomHalf(loop.context(), "half", [&] {
        if (++runs < 10) {
            half.schedule();
        }
    });
    half.schedule();
    for (int round = 1; round <= 10; ++round) {
        CHECK(loop.block());
        CHECK(runs == round);
    }
    CHECK_FALSE(loop.look());
    CHECK(runs == 10);
}

TEST_CASE("a cancelled bottom half never runs, and cancelling is no progress", "[bh][T3][T18][F5.8]") {
    TestLoop loop(each_configuration());
    int runs = 0;
    const BottomHalf half(loop.context(), "half", [&] { ++runs; });
    half.schedule();
    half.cancel();
    CHECK_FALSE(half.is_scheduled());
    CHECK_FALSE(loop.look());
    CHECK(runs == 0);
    // Still on the list of what is pending; scheduling it again must work from there too.
    half.schedule();
    half.cancel();
    half.schedule();
    CHECK(loop.block());
    CHECK(runs == 1);
}

TEST_CASE("a bottom half deleted while scheduled never runs, and deleting is no progress", "[bh][T4][T19][F5.9]") {
    TestLoop loop(each_configuration());
    int runs = 0;
    std::optional<BottomHalf> half(std::in_place, loop.context(), "half", [&] { ++runs; });
    half->schedule();
    half.reset();
    CHECK_FALSE(loop.look());
    CHECK_FALSE(loop.look());
    CHECK(runs == 0);
}

TEST_CASE("a bottom half may delete itself in its callback", "[bh][T5][T20][T21][F5.9]") {
    TestLoop loop(each_configuration());
    int runs = 0;
    std::optional<BottomHalf> half;
    half.emplace(loop.context(), "half", [&] {
        ++runs;
        // Scheduled again first: the deletion must win.
        half->schedule();
        half.reset();
    });
    half->schedule();
    CHECK(loop.block());
    CHECK(runs == 1);
    CHECK_FALSE(loop.look());
    CHECK(runs == 1);
}

TEST_CASE("bottom halves that delete themselves early do not disturb the others", "[bh][T6][T22][F5.14]") {
    TestLoop loop(each_configuration());
    struct Countdown {
        std::optional<BottomHalf> half;
        int left = 0;
        int runs = 0;
    };
    std::array<Countdown, 4> countdowns;
    for (std::size_t at = 0; at < countdowns.size(); ++at) {
        Countdown& mine = countdowns[at];
        mine.left = static_cast<int>(at) + 1;
        mine.half.emplace(loop.context(), "countdown", [&mine] {
            ++mine.runs;
            if (--mine.left == 0) {
                mine.half.reset();
            } else {
                mine.half->schedule();
            }
        });
        mine.half->schedule();
    }
    for (int round = 1; round <= 4; ++round) {
        CHECK(loop.block());
        for (std::size_t at = 0; at < countdowns.size(); ++at) {
            CHECK(countdowns[at].runs == std::min(round, static_cast<int>(at) + 1));
        }
    }
    CHECK_FALSE(loop.look());
}
