// SPDX-License-Identifier: MIT
#include "sync/wake_oneword.hpp"

#include <array>
#include <vector>

#include "support/testing.hpp"
#include "unit/accepted.hpp"
#include "unit/fake_event.hpp"

namespace nestling::testing::wake_oneword {

namespace {

using sync::Ended;
using sync::EventSeen;
using sync::Sleeper;
using Wake = sync::WakeOneword<>;
using Node = Wake::Node;

}  // namespace

TEST_CASE("oneword: of all that is published during one sleep only the first writes the event") {
    Wake wake;
    FakeEvent event;
    std::array<Node, 2> nodes;
    for (int sleep = 1; sleep <= 3; ++sleep) {
        REQUIRE(wake.announce(Sleeper::native));
        wake.publish(nodes[0], event);
        CHECK(event.sets == sleep);
        wake.notify(event);
        wake.publish(nodes[1], event);
        wake.notify(event);
        CHECK(event.sets == sleep);
        CHECK(accepted(wake, event, EventSeen::yes, Ended::native_wait).size() == 2);
        CHECK(event.drains == sleep);
    }
}

TEST_CASE("oneword: a notify() during a sleep writes once, and publications after it need not") {
    Wake wake;
    FakeEvent event;
    Node node;
    REQUIRE(wake.announce(Sleeper::native));
    wake.notify(event);
    CHECK(event.sets == 1);
    wake.publish(node, event);
    CHECK(event.sets == 1);
}

TEST_CASE("oneword: announcing again is the same as announcing once") {
    Wake wake;
    FakeEvent event;
    Node node;
    CHECK_FALSE(wake.is_armed(Sleeper::external));
    CHECK(wake.announce(Sleeper::external));
    CHECK(wake.announce(Sleeper::external));
    CHECK(wake.announce(Sleeper::native));
    CHECK(wake.is_armed(Sleeper::external));
    wake.publish(node, event);
    CHECK(event.sets == 1);
    CHECK_FALSE(wake.is_armed(Sleeper::external));
}

TEST_CASE("oneword: the event is drained when the wait reported it, and only then") {
    Wake wake;
    FakeEvent event;
    accepted(wake, event, EventSeen::no, Ended::native_wait);
    CHECK(event.drains == 0);
    accepted(wake, event, EventSeen::yes, Ended::native_wait);
    CHECK(event.drains == 1);
    accepted(wake, event, EventSeen::yes, Ended::nothing);
    CHECK(event.drains == 2);
}

TEST_CASE("oneword: an accept that ends no wait leaves the mark of an outer sleeper") {
    Wake wake;
    FakeEvent event;
    Node node;
    REQUIRE(wake.announce(Sleeper::external));
    CHECK(accepted(wake, event, EventSeen::no, Ended::nothing).empty());
    CHECK(accepted(wake, event, EventSeen::yes, Ended::nothing).empty());
    CHECK(wake.is_armed(Sleeper::external));
    wake.publish(node, event);
    CHECK(event.sets == 1);
}

TEST_CASE("oneword: an accept that ends a wait disarms") {
    Wake wake;
    FakeEvent event;
    Node node;
    const Ended ended = GENERATE(Ended::native_wait, Ended::external_wait);
    REQUIRE(wake.announce(Sleeper::native));
    CHECK(accepted(wake, event, EventSeen::no, ended).empty());
    CHECK_FALSE(wake.is_armed(Sleeper::native));
    wake.publish(node, event);
    CHECK(event.sets == 0);
}

TEST_CASE("oneword: withdrawing disarms and consumes nothing") {
    Wake wake;
    FakeEvent event;
    std::array<Node, 2> nodes;
    REQUIRE(wake.announce(Sleeper::external));
    wake.withdraw(Sleeper::external);
    CHECK_FALSE(wake.is_armed(Sleeper::external));
    wake.publish(nodes[0], event);
    CHECK(event.sets == 0);
    wake.withdraw(Sleeper::external);
    wake.notify(event);
    wake.withdraw(Sleeper::external);
    CHECK(accepted(wake, event, EventSeen::no, Ended::nothing) == std::vector<Node*>{&nodes[0]});
    wake.notify(event);
    wake.withdraw(Sleeper::external);
    CHECK(wake.is_published());
}

TEST_CASE("oneword: rearming puts back the mark that a native wait has dropped, unless something is published") {
    Wake wake;
    FakeEvent event;
    std::array<Node, 2> nodes;
    REQUIRE(wake.announce(Sleeper::external));
    REQUIRE(wake.announce(Sleeper::native));
    accepted(wake, event, EventSeen::no, Ended::native_wait);
    CHECK_FALSE(wake.is_armed(Sleeper::external));
    CHECK(wake.rearm());
    CHECK(wake.is_armed(Sleeper::external));
    CHECK(wake.rearm());
    wake.publish(nodes[0], event);
    CHECK(event.sets == 1);
    CHECK_FALSE(wake.rearm());
}

}  // namespace nestling::testing::wake_oneword
