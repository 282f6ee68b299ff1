// SPDX-License-Identifier: MIT
#include "sync/wake_seed.hpp"

#include <array>
#include <vector>

#include "support/testing.hpp"
#include "unit/accepted.hpp"
#include "unit/fake_event.hpp"

namespace nestling::testing::wake_seed {

namespace {

using sync::Ended;
using sync::EventSeen;
using sync::Sleeper;
using Wake = sync::WakeSeed<>;
using Node = Wake::Node;

}  // namespace

TEST_CASE("seed: whoever finds a sleeper writes the event, and one accept drains it once") {
    Wake wake;
    FakeEvent event;
    std::array<Node, 2> nodes;
    for (int sleep = 1; sleep <= 3; ++sleep) {
        REQUIRE(wake.announce(Sleeper::native));
        wake.publish(nodes[0], event);
        wake.publish(nodes[1], event);
        wake.notify(event);
        CHECK(event.sets == 3 * sleep);
        CHECK(accepted(wake, event, EventSeen::no, Ended::native_wait) == std::vector<Node*>{&nodes[0], &nodes[1]});
        CHECK(event.drains == sleep);
        CHECK(accepted(wake, event, EventSeen::no, Ended::nothing).empty());
        CHECK(event.drains == sleep);
    }
}

TEST_CASE("seed: an outer loop announces as often as it likes, and is withdrawn by one withdraw()") {
    Wake wake;
    FakeEvent event;
    Node node;
    CHECK(wake.announce(Sleeper::external));
    CHECK(wake.announce(Sleeper::external));
    CHECK(wake.is_armed(Sleeper::external));
    CHECK_FALSE(wake.is_armed(Sleeper::native));
    wake.withdraw(Sleeper::external);
    CHECK_FALSE(wake.is_armed(Sleeper::external));
    wake.publish(node, event);
    CHECK(event.sets == 0);
}

TEST_CASE("seed: a native wait and an outer one keep marks of their own") {
    Wake wake;
    FakeEvent event;
    Node node;
    REQUIRE(wake.announce(Sleeper::external));
    REQUIRE(wake.announce(Sleeper::native));
    CHECK(wake.is_armed(Sleeper::native));
    SECTION("ending the native one leaves the outer one") {
        accepted(wake, event, EventSeen::no, Ended::native_wait);
        CHECK_FALSE(wake.is_armed(Sleeper::native));
        CHECK(wake.is_armed(Sleeper::external));
        wake.publish(node, event);
        CHECK(event.sets == 1);
    }
    SECTION("ending the outer one leaves the native one") {
        accepted(wake, event, EventSeen::no, Ended::external_wait);
        CHECK(wake.is_armed(Sleeper::native));
        CHECK_FALSE(wake.is_armed(Sleeper::external));
        wake.publish(node, event);
        CHECK(event.sets == 1);
    }
    SECTION("an accept that ends no wait leaves both") {
        accepted(wake, event, EventSeen::no, Ended::nothing);
        CHECK(wake.is_armed(Sleeper::native));
        CHECK(wake.is_armed(Sleeper::external));
    }
    SECTION("when both have ended nobody is written to") {
        accepted(wake, event, EventSeen::no, Ended::native_wait);
        wake.withdraw(Sleeper::external);
        wake.publish(node, event);
        CHECK(event.sets == 0);
    }
}

TEST_CASE("seed: native waits nest") {
    Wake wake;
    FakeEvent event;
    REQUIRE(wake.announce(Sleeper::native));
    REQUIRE(wake.announce(Sleeper::native));
    accepted(wake, event, EventSeen::no, Ended::native_wait);
    CHECK(wake.is_armed(Sleeper::native));
    wake.withdraw(Sleeper::native);
    CHECK_FALSE(wake.is_armed(Sleeper::native));
}

TEST_CASE("seed: a native wait that is refused leaves the mark of an outer sleeper") {
    Wake wake;
    FakeEvent event;
    std::array<Node, 2> nodes;
    REQUIRE(wake.announce(Sleeper::external));
    wake.publish(nodes[0], event);
    REQUIRE(event.sets == 1);
    CHECK_FALSE(wake.announce(Sleeper::native));
    CHECK(wake.is_armed(Sleeper::external));
    wake.publish(nodes[1], event);
    CHECK(event.sets == 2);
}

TEST_CASE("seed: rearming keeps the mark of an outer sleeper, or says that something is published") {
    Wake wake;
    FakeEvent event;
    Node node;
    REQUIRE(wake.announce(Sleeper::external));
    CHECK(wake.rearm());
    CHECK(wake.is_armed(Sleeper::external));
    wake.publish(node, event);
    CHECK_FALSE(wake.rearm());
}

}  // namespace nestling::testing::wake_seed
