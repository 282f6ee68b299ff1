// SPDX-License-Identifier: MIT
#include "sync/bottom_half_list.hpp"

#include <array>
#include <vector>

#include "support/testing.hpp"
#include "sync/wake_oneword.hpp"
#include "sync/wake_seed.hpp"
#include "unit/fake_event.hpp"

namespace nestling::testing {

namespace {

using sync::Ended;
using sync::EventSeen;
using sync::Sleeper;
using Link = sync::BottomHalfLink<>;

template <class Wake>
using List = sync::BottomHalfList<Wake, Link>;

/// Takes in what is published, and runs a round: each link that comes off the list, dequeued.
template <class Wake>
std::vector<Link*> round(List<Wake>& list, FakeEvent& event) {
    list.accept(event, EventSeen::no, Ended::nothing);
    list.begin_round();
    std::vector<Link*> links;
    while (Link* link = list.next().link) {
        links.push_back(link);
    }
    return links;
}

}  // namespace

TEMPLATE_TEST_CASE("bottom halves come off the list in the order in which they were first scheduled", "",
                   sync::WakeOneword<>, sync::WakeSeed<>) {
    List<TestType> list;
    FakeEvent event;
    std::array<Link, 3> links;
    list.schedule(links[1], event);
    list.schedule(links[0], event);
    list.schedule(links[1], event);
    list.schedule(links[2], event);
    CHECK(list.accept(event, EventSeen::no, Ended::nothing) == 3);
    CHECK(list.has_work());
    CHECK(round(list, event) == std::vector<Link*>{&links[1], &links[0], &links[2]});
    CHECK_FALSE(list.has_work());
    CHECK(event.sets == 0);
}

TEMPLATE_TEST_CASE("what is taken in later stands behind what is left", "", sync::WakeOneword<>, sync::WakeSeed<>) {
    List<TestType> list;
    FakeEvent event;
    std::array<Link, 3> links;
    list.schedule(links[0], event);
    list.schedule(links[1], event);
    list.accept(event, EventSeen::no, Ended::nothing);
    list.begin_round();
    REQUIRE(list.next().link == &links[0]);
    list.schedule(links[0], event);
    list.schedule(links[2], event);
    CHECK(round(list, event) == std::vector<Link*>{&links[1], &links[0], &links[2]});
}

TEMPLATE_TEST_CASE("idle ones are no work, and run first in the next round", "", sync::WakeOneword<>,
                   sync::WakeSeed<>) {
    List<TestType> list;
    FakeEvent event;
    std::array<Link, 3> links;
    list.schedule_idle(links[0], event);
    list.schedule_idle(links[1], event);
    list.accept(event, EventSeen::no, Ended::nothing);
    CHECK_FALSE(list.has_work());
    CHECK(list.has_idle());
    CHECK(list.wake().announce(Sleeper::native));
    list.schedule(links[2], event);
    CHECK(event.sets == 1);
    CHECK(round(list, event) == std::vector<Link*>{&links[0], &links[1], &links[2]});
    CHECK_FALSE(list.has_idle());
}

TEMPLATE_TEST_CASE("scheduling an idle one that is put aside wakes a sleeper", "", sync::WakeOneword<>,
                   sync::WakeSeed<>) {
    List<TestType> list;
    FakeEvent event;
    Link link;
    list.schedule_idle(link, event);
    list.accept(event, EventSeen::no, Ended::nothing);
    REQUIRE(list.wake().announce(Sleeper::native));
    list.schedule(link, event);
    CHECK(event.sets == 1);
    CHECK(list.wake().is_published());
    CHECK(round(list, event) == std::vector<Link*>{&link});
}

TEMPLATE_TEST_CASE("a cancelled one is work all the same, because scheduling it again publishes nothing", "",
                   sync::WakeOneword<>, sync::WakeSeed<>) {
    List<TestType> list;
    FakeEvent event;
    Link link;
    list.schedule_idle(link, event);
    link.state.cancel();
    list.accept(event, EventSeen::no, Ended::nothing);
    CHECK(list.has_work());
    CHECK_FALSE(list.has_idle());
}

TEMPLATE_TEST_CASE("a deleted one reaches the home thread once, wherever it was", "", sync::WakeOneword<>,
                   sync::WakeSeed<>) {
    List<TestType> list;
    FakeEvent event;
    Link link;
    const int before = GENERATE(0, 1, 2);
    if (before == 1) {
        list.schedule(link, event);
    } else if (before == 2) {
        list.schedule_idle(link, event);
        list.accept(event, EventSeen::no, Ended::nothing);
    }
    REQUIRE(list.wake().announce(Sleeper::native) == (before != 1));
    list.mark_deleted(link, event);
    CHECK(event.sets == (before == 1 ? 0 : 1));
    CHECK((link.state.look() & List<TestType>::State::deleted) != 0);
    CHECK(round(list, event) == std::vector<Link*>{&link});
    CHECK(round(list, event).empty());
}

}  // namespace nestling::testing
