// SPDX-License-Identifier: MIT
// What the home thread lists for itself, beside what is published.
#include <array>
#include <vector>

#include "support/testing.hpp"
#include "sync/bottom_half_list.hpp"
#include "sync/wake_oneword.hpp"
#include "sync/wake_seed.hpp"
#include "unit/fake_event.hpp"

namespace nestling::testing {

namespace {

using sync::Ended;
using sync::EventSeen;
using sync::Sleeper;
using Link = sync::BottomHalfLink<>;
using State = Link::State;

/// A list with room for four, and what a round of it finds to run.
template <class Wake>
struct Listing {
    using List = sync::BottomHalfList<Wake, Link>;

    void schedule_here(Link& link) { list.schedule_at_home(link, event); }
    void schedule_elsewhere(Link& link) { list.schedule(link, event); }
    std::vector<Link*> round() {
        list.accept(event, EventSeen::no, Ended::nothing);
        list.begin_round();
        std::vector<Link*> found;
        for (auto taken = list.next(); taken.link != nullptr; taken = list.next()) {
            if ((taken.flags & State::scheduled) != 0) {
                found.push_back(taken.link);
            }
        }
        return found;
    }

    std::array<typename List::Room, 4> room;
    List list{room.data(), 4};
    FakeEvent event;
    std::array<Link, 6> links;
};

using Links = std::vector<Link*>;

}  // namespace

#define HOME_LIST_TEST(name) TEMPLATE_TEST_CASE(name, "", sync::WakeOneword<>, sync::WakeSeed<>)

HOME_LIST_TEST("what the home thread lists runs once, in order, and publishes nothing") {
    Listing<TestType> at;
    at.schedule_here(at.links[1]);
    at.schedule_here(at.links[0]);
    at.schedule_here(at.links[1]);
    CHECK(at.links[0].state.look() == 0);
    CHECK(at.links[0].state.is_scheduled());
    CHECK(at.list.wake().is_quiet());
    CHECK(at.list.has_work());
    CHECK(at.round() == Links{&at.links[1], &at.links[0]});
    CHECK_FALSE(at.links[0].state.is_scheduled());
    CHECK_FALSE(at.list.has_work());
    CHECK(at.round().empty());
}

HOME_LIST_TEST("what is published between two listings keeps its place") {
    Listing<TestType> at;
    at.schedule_here(at.links[0]);
    at.schedule_elsewhere(at.links[1]);
    at.schedule_here(at.links[2]);
    CHECK(at.round() == Links{&at.links[0], &at.links[1], &at.links[2]});
    at.schedule_here(at.links[3]);
    CHECK(at.list.wake().is_quiet());
}

HOME_LIST_TEST("what is listed in a round runs in the next one, behind what was published before it") {
    Listing<TestType> at;
    at.schedule_here(at.links[0]);
    at.schedule_elsewhere(at.links[1]);
    at.list.accept(at.event, EventSeen::no, Ended::nothing);
    at.list.begin_round();
    CHECK(at.list.next().link == &at.links[0]);
    at.schedule_here(at.links[2]);
    at.schedule_here(at.links[0]);
    CHECK(at.list.next().link == &at.links[1]);
    CHECK(at.list.next().link == nullptr);
    CHECK(at.round() == Links{&at.links[2], &at.links[0]});
}

HOME_LIST_TEST("more than there is room for is published, and asks for room") {
    Listing<TestType> at;
    for (Link& link : at.links) {
        at.schedule_here(link);
    }
    CHECK_FALSE(at.list.wake().is_quiet());
    CHECK(at.list.wants_room());
    CHECK(at.round() == Links{&at.links[0], &at.links[1], &at.links[2], &at.links[3], &at.links[4], &at.links[5]});
    std::array<typename Listing<TestType>::List::Room, 8> larger;
    at.list.move_ring_to(larger.data(), 8);
    CHECK_FALSE(at.list.wants_room());
    for (Link& link : at.links) {
        at.schedule_here(link);
    }
    CHECK(at.list.wake().is_quiet());
    CHECK(at.round().size() == at.links.size());
}

HOME_LIST_TEST("room may be made while the ring is closed") {
    Listing<TestType> at;
    at.schedule_here(at.links[0]);
    at.schedule_elsewhere(at.links[1]);
    at.list.accept(at.event, EventSeen::no, Ended::nothing);
    std::array<typename Listing<TestType>::List::Room, 8> larger;
    at.list.move_ring_to(larger.data(), 8);
    at.schedule_here(at.links[2]);
    CHECK(at.round() == Links{&at.links[0], &at.links[1], &at.links[2]});
}

HOME_LIST_TEST("listing while somebody is armed wakes him") {
    Listing<TestType> at;
    REQUIRE(at.list.wake().announce(Sleeper::external));
    at.schedule_here(at.links[0]);
    CHECK(at.event.sets == 1);
    CHECK(at.round() == Links{&at.links[0]});
}

HOME_LIST_TEST("a listed one that another thread schedules runs once, and first") {
    Listing<TestType> at;
    at.schedule_here(at.links[0]);
    at.schedule_here(at.links[1]);
    at.schedule_elsewhere(at.links[0]);
    CHECK(at.round() == Links{&at.links[0], &at.links[1]});
    at.schedule_here(at.links[0]);
    CHECK(at.round() == Links{&at.links[0]});
}

HOME_LIST_TEST("a listed one that is scheduled as idle too runs once") {
    Listing<TestType> at;
    at.schedule_here(at.links[1]);
    at.schedule_here(at.links[0]);
    at.list.schedule_idle(at.links[0], at.event);
    CHECK(at.round() == Links{&at.links[0], &at.links[1]});
    CHECK(at.round().empty());
    at.schedule_here(at.links[0]);
    CHECK(at.round() == Links{&at.links[0]});
}

HOME_LIST_TEST("a listed one is cancelled, by its own thread or another, until it is scheduled again") {
    Listing<TestType> at;
    const bool here = GENERATE(true, false);
    const auto cancel = [here](Link& link) { here ? link.state.cancel_at_home() : link.state.cancel(); };
    at.schedule_here(at.links[0]);
    cancel(at.links[0]);
    CHECK_FALSE(at.links[0].state.is_scheduled());
    CHECK(at.list.has_work());
    CHECK(at.round().empty());
    at.schedule_here(at.links[0]);
    cancel(at.links[0]);
    at.schedule_here(at.links[0]);
    CHECK(at.links[0].state.is_scheduled());
    CHECK(at.round() == Links{&at.links[0]});
    CHECK(at.round().empty());
}

HOME_LIST_TEST("the home thread takes back what another thread has scheduled") {
    Listing<TestType> at;
    at.schedule_elsewhere(at.links[0]);
    at.links[0].state.cancel_at_home();
    CHECK(at.round().empty());
}

HOME_LIST_TEST("a listed one that another thread deletes is told of once, and never runs") {
    Listing<TestType> at;
    at.schedule_here(at.links[0]);
    at.list.mark_deleted(at.links[0], at.event);
    at.list.accept(at.event, EventSeen::no, Ended::nothing);
    at.list.begin_round();
    CHECK(at.list.next().flags == 0);
    const auto last = at.list.next();
    CHECK(last.link == &at.links[0]);
    CHECK((last.flags & State::deleted) != 0);
    CHECK(at.list.next().link == nullptr);
}

HOME_LIST_TEST("a listed one that its own thread deletes is told of where it stands") {
    Listing<TestType> at;
    at.schedule_here(at.links[0]);
    at.links[0].state.delete_at_home();
    at.list.begin_round();
    const auto taken = at.list.next();
    CHECK(taken.link == &at.links[0]);
    CHECK(taken.flags == State::deleted);
}

HOME_LIST_TEST("a post that its owner keeps is told of in its turn") {
    Listing<TestType> at;
    at.schedule_here(at.links[0]);
    CHECK(at.list.list_post_at_home());
    at.schedule_here(at.links[1]);
    CHECK(at.list.wake().is_quiet());
    at.list.begin_round();
    CHECK(at.list.next().link == &at.links[0]);
    const auto post = at.list.next();
    CHECK(post.link == nullptr);
    CHECK(post.flags == State::post);
    CHECK(at.list.next().link == &at.links[1]);
    const auto end = at.list.next();
    CHECK(end.link == nullptr);
    CHECK(end.flags == 0);
}

HOME_LIST_TEST("posts that follow each other take one place, and are told of one by one, round by round") {
    Listing<TestType> at;
    const auto next_is_post = [&at] {
        const auto taken = at.list.next();
        return taken.link == nullptr && taken.flags == State::post;
    };
    at.schedule_here(at.links[0]);
    for (int post = 0; post < 10; ++post) {
        CHECK(at.list.list_post_at_home());
    }
    at.schedule_here(at.links[1]);
    CHECK(at.list.begin_round() == 12);
    CHECK(at.list.next().link == &at.links[0]);
    CHECK(next_is_post());
    // A post that is running lists others: of the next round, and so is what comes in a round begun inside.
    for (int post = 0; post < 3; ++post) {
        CHECK(at.list.list_post_at_home());
    }
    for (int post = 1; post < 10; ++post) {
        CHECK(next_is_post());
    }
    CHECK(at.list.next().link == &at.links[1]);
    CHECK(at.list.is_round_over());
    CHECK(at.list.next().flags == 0);
    CHECK_FALSE(at.list.empty());

    CHECK(at.list.begin_round() == 3);
    CHECK(next_is_post());
    CHECK(at.list.list_post_at_home());
    CHECK(at.list.begin_round() == 1);
    CHECK(next_is_post());
    CHECK(next_is_post());
    CHECK(next_is_post());
    CHECK(at.list.is_round_over());
    CHECK(at.list.empty());
}

HOME_LIST_TEST("what is listed alone is a round of its own, if it is to run and nothing else") {
    Listing<TestType> at;
    at.schedule_here(at.links[0]);
    CHECK(at.list.listed_at_home() == 1);
    CHECK_FALSE(at.list.take_only_post());
    Link* taken = nullptr;
    CHECK(at.list.take_only(taken));
    CHECK(taken == &at.links[0]);
    CHECK(at.list.empty());
    CHECK_FALSE(at.links[0].state.is_scheduled());
    // What it schedules is the next round's, and so is a post.
    at.schedule_here(at.links[0]);
    CHECK(at.list.list_post_at_home());
    CHECK(at.list.begin_round() == 2);
    CHECK(at.list.next().link == &at.links[0]);
    CHECK(at.list.next().flags == State::post);
    CHECK(at.list.empty());

    at.schedule_here(at.links[1]);
    at.links[1].state.cancel_at_home();
    CHECK_FALSE(at.list.take_only(taken));
    CHECK_FALSE(at.list.take_only_post());
    CHECK(at.list.listed_at_home() == 1);
    CHECK(at.list.begin_round() == 1);
    CHECK(at.list.next().flags == 0);
}

HOME_LIST_TEST("a post that is listed alone is a round of its own, and no other joins it then") {
    Listing<TestType> at;
    CHECK(at.list.list_post_at_home());
    Link* taken = nullptr;
    CHECK_FALSE(at.list.take_only(taken));
    CHECK(at.list.take_only_post());
    CHECK(at.list.empty());
    CHECK(at.list.list_post_at_home());
    CHECK(at.list.listed_at_home() == 1);
    CHECK(at.list.list_post_at_home());
    CHECK(at.list.listed_at_home() == 1);
    CHECK_FALSE(at.list.take_only_post());
    CHECK(at.list.begin_round() == 2);
    CHECK(at.list.next().flags == State::post);
    CHECK(at.list.next().flags == State::post);
    CHECK(at.list.empty());
}

HOME_LIST_TEST("a post does not join those in front of what was published since") {
    Listing<TestType> at;
    CHECK(at.list.list_post_at_home());
    CHECK(at.list.list_post_at_home());
    at.schedule_elsewhere(at.links[0]);
    CHECK_FALSE(at.list.list_post_at_home());
    at.list.accept(at.event, EventSeen::no, Ended::nothing);
    CHECK_FALSE(at.list.list_post_at_home());
    at.list.begin_round();
    CHECK(at.list.next().flags == State::post);
    CHECK(at.list.next().flags == State::post);
    CHECK(at.list.next().link == &at.links[0]);
    CHECK(at.list.list_post_at_home());
}

HOME_LIST_TEST("posts join each other in a ring that has moved") {
    Listing<TestType> at;
    CHECK(at.list.list_post_at_home());
    std::array<typename Listing<TestType>::List::Room, 8> more;
    at.list.move_ring_to(more.data(), 8);
    at.room.fill({});
    CHECK(at.list.list_post_at_home());
    CHECK(at.list.list_post_at_home());
    CHECK(at.list.begin_round() == 3);
    for (int post = 0; post < 3; ++post) {
        CHECK(at.list.next().flags == State::post);
    }
    CHECK(at.list.is_round_over());
}

HOME_LIST_TEST("a post is not listed where the ring takes nothing more") {
    Listing<TestType> at;
    SECTION("because it is full") {
        for (Link& link : at.links) {
            at.schedule_here(link);
        }
    }
    SECTION("because something is published") {
        at.schedule_elsewhere(at.links[0]);
    }
    SECTION("because somebody is armed") {
        REQUIRE(at.list.wake().announce(Sleeper::native));
    }
    CHECK_FALSE(at.list.list_post_at_home());
}

HOME_LIST_TEST("how many were listed is told once") {
    Listing<TestType> at;
    at.schedule_here(at.links[0]);
    at.schedule_here(at.links[1]);
    CHECK(at.list.begin_round() == 2);
    CHECK(at.list.begin_round() == 0);
}

}  // namespace nestling::testing
