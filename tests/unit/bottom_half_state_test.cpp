// SPDX-License-Identifier: MIT
#include "sync/bottom_half_state.hpp"

#include "support/testing.hpp"

namespace nestling::testing {

namespace {
using State = sync::BottomHalfState<>;
using sync::ScheduleStep;
}  // namespace

TEST_CASE("scheduling publishes once, until the home thread has taken the bottom half off its list") {
    State state;
    CHECK(state.look() == 0);
    CHECK(state.schedule() == ScheduleStep::publish);
    CHECK(state.schedule() == ScheduleStep::none);
    CHECK(state.schedule_idle() == ScheduleStep::none);
    CHECK((state.dequeue() & State::scheduled) != 0);
    CHECK(state.look() == 0);
    CHECK(state.schedule() == ScheduleStep::publish);
}

TEST_CASE("scheduling one that waits as idle notifies, because the loop may be asleep with it") {
    State state;
    CHECK(state.schedule_idle() == ScheduleStep::publish);
    CHECK(state.schedule_idle() == ScheduleStep::none);
    CHECK(state.schedule() == ScheduleStep::notify);
    CHECK(state.schedule() == ScheduleStep::none);
    CHECK(state.dequeue() == (State::pending | State::scheduled));
}

TEST_CASE("cancelling keeps the bottom half on its list, and scheduling it again there notifies") {
    State state;
    CHECK(state.schedule() == ScheduleStep::publish);
    state.cancel();
    CHECK(state.look() == State::pending);
    CHECK(state.schedule() == ScheduleStep::notify);
    CHECK(state.dequeue() == (State::pending | State::scheduled));
}

TEST_CASE("one that was cancelled comes off its list with nothing to do") {
    State state;
    static_cast<void>(state.schedule());
    static_cast<void>(state.schedule_idle());
    state.cancel();
    CHECK(state.dequeue() == State::pending);
    CHECK(state.look() == 0);
}

TEST_CASE("cancelling what is on no list does nothing") {
    State state;
    state.cancel();
    CHECK(state.look() == 0);
    CHECK(state.schedule() == ScheduleStep::publish);
}

TEST_CASE("a post is born pending, with a mark that nothing else has") {
    const State post(State::post);
    const State request(State::request);
    CHECK(post.look() == (State::post | State::pending | State::scheduled));
    CHECK(request.look() == (State::request | State::pending | State::scheduled));
}

TEST_CASE("a deleted bottom half goes to the home thread once, which is told of it when it takes it off the list") {
    State state;
    SECTION("published by the deletion") {
        CHECK(state.mark_deleted() == ScheduleStep::publish);
    }
    SECTION("already on a list, whose owner may be asleep") {
        static_cast<void>(state.schedule_idle());
        CHECK(state.mark_deleted() == ScheduleStep::notify);
    }
    CHECK((state.look() & State::deleted) != 0);
    CHECK((state.dequeue() & State::deleted) != 0);
    CHECK(state.look() == 0);
}

}  // namespace nestling::testing
