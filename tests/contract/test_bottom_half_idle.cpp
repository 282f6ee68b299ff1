// SPDX-License-Identifier: MIT
#include <nestling/nestling.hpp>

#include "support/syscall_counter.hpp"
#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;

TEST_CASE("an idle bottom half alone lets the loop sleep once, and runs when that sleep is over",
          "[bh][idle][F5.11][B-58]") {
    const Configuration cell = each_configuration();
    TestLoop loop(cell);
    int runs = 0;
    BottomHalf idle;
    idle = BottomHalf(loop.context(), "idle", [&] {
        if (++runs < 3) {
            idle.schedule_idle();
        }
    });
    // GLib for Windows does not sleep for less than 10 ms when it waits for several handles: it looks again.
    const bool is_glib_awake = cell.monitor == MonitorKind::win32 && cell.driver == DriverKind::gsource;
    const std::uint64_t least = is_glib_awake ? 1 : 3;
    std::uint64_t sleeps = 0;
    // On a busy machine its time may have come before the loop can sleep, which says nothing.
    for (int attempt = 0; attempt < 10 && sleeps < least; ++attempt) {
        runs = 0;
        idle.schedule_idle();
        CHECK(idle.is_scheduled());
        const std::uint64_t before = sleeps_begun();
        loop.run_until([&] { return runs == 3; });
        sleeps = sleeps_begun() - before;
        CHECK(sleeps <= 3);
        CHECK_FALSE(idle.is_scheduled());
    }
    // As often as it ran: an idle bottom half that made prepare() ready for ever would be run without any sleep.
    CHECK(sleeps >= least);
}

TEST_CASE("an idle bottom half does not make an outer loop ready, and runs in any next iteration",
          "[bh][idle][F5.11][B-58]") {
    const Configuration cell = each_configuration();
    Context context(options_for(cell));
    ExternalLoop loop(context);
    int runs = 0;
    const BottomHalf idle(context, "idle", [&] { ++runs; });
    idle.schedule_idle();
    CHECK_FALSE(loop.prepare().ready);
    CHECK_FALSE(loop.prepare().ready);
    CHECK(runs == 0);
    CHECK(loop.check());
    CHECK_FALSE(loop.dispatch());
    CHECK(runs == 1);
    idle.schedule_idle();
    CHECK_FALSE(context.poll(Wait::none));
    CHECK(runs == 2);
}

TEST_CASE("schedule() on top of an idle schedule is prompt, and the other way round too", "[bh][idle][F5.12]") {
    TestLoop loop(each_configuration());
    int runs = 0;
    const BottomHalf half(loop.context(), "half", [&] { ++runs; });
    const std::uint64_t before = sleeps_begun();
    half.schedule_idle();
    half.schedule();
    CHECK(loop.block());
    CHECK(runs == 1);
    half.schedule();
    half.schedule_idle();
    CHECK(loop.block());
    CHECK(runs == 2);
    CHECK(sleeps_begun() == before);
    CHECK_FALSE(loop.look());
    CHECK(runs == 2);
}

TEST_CASE("schedule() on an idle schedule that the loop has taken in already is prompt", "[bh][idle][F5.12]") {
    const Configuration cell = each_configuration();
    Context context(options_for(cell));
    ExternalLoop loop(context);
    int runs = 0;
    const BottomHalf half(context, "half", [&] { ++runs; });
    half.schedule_idle();
    CHECK_FALSE(loop.prepare().ready);
    // An outer loop that has something more urgent to do does not come to dispatch(), and nobody is asleep now.
    CHECK(loop.check());
    half.schedule();
    CHECK(loop.prepare().ready);
    CHECK(loop.dispatch());
    CHECK(runs == 1);
    CHECK_FALSE(loop.prepare().ready);
}

TEST_CASE("cancelling takes an idle schedule back too", "[bh][idle][F5.8]") {
    TestLoop loop(each_configuration());
    int runs = 0;
    const BottomHalf half(loop.context(), "half", [&] { ++runs; });
    half.schedule_idle();
    half.cancel();
    CHECK_FALSE(half.is_scheduled());
    CHECK_FALSE(loop.look());
    CHECK(runs == 0);
}
