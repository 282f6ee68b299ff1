// SPDX-License-Identifier: MIT
#include "sync/wake_seed.hpp"

#include <array>
#include <vector>

#include "support/testing.hpp"
#include "unit/fake_event.hpp"

namespace nestling::testing {

namespace {

using sync::Ended;
using sync::EventSeen;
using sync::Sleeper;
using Wake = sync::WakeSeed<>;
using Node = Wake::Node;

std::vector<Node*> accept(Wake& wake, FakeEvent& event, Ended ended) {
    std::vector<Node*> nodes;
    for (Node* node = wake.accept(event, EventSeen::no, ended); node != nullptr; node = node->next.load()) {
        nodes.push_back(node);
    }
    return nodes;
}

}  // namespace

TEST_CASE("seed: nothing is written while the loop is awake") {
    Wake wake;
    FakeEvent event;
    std::array<Node, 3> nodes;
    for (Node& node : nodes) {
        wake.publish(node, event);
    }
    wake.notify(event);
    CHECK(event.sets == 0);
    CHECK(wake.is_published());
    accept(wake, event, Ended::nothing);
    CHECK(event.drains == 0);
}

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
        CHECK(accept(wake, event, Ended::native_wait) == std::vector<Node*>{&nodes[0], &nodes[1]});
        CHECK(event.drains == sleep);
        CHECK(accept(wake, event, Ended::nothing).empty());
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
        accept(wake, event, Ended::native_wait);
        CHECK_FALSE(wake.is_armed(Sleeper::native));
        CHECK(wake.is_armed(Sleeper::external));
        wake.publish(node, event);
        CHECK(event.sets == 1);
    }
    SECTION("ending the outer one leaves the native one") {
        accept(wake, event, Ended::external_wait);
        CHECK(wake.is_armed(Sleeper::native));
        CHECK_FALSE(wake.is_armed(Sleeper::external));
        wake.publish(node, event);
        CHECK(event.sets == 1);
    }
    SECTION("an accept that ends no wait leaves both") {
        accept(wake, event, Ended::nothing);
        CHECK(wake.is_armed(Sleeper::native));
        CHECK(wake.is_armed(Sleeper::external));
    }
    SECTION("when both have ended nobody is written to") {
        accept(wake, event, Ended::native_wait);
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
    accept(wake, event, Ended::native_wait);
    CHECK(wake.is_armed(Sleeper::native));
    wake.withdraw(Sleeper::native);
    CHECK_FALSE(wake.is_armed(Sleeper::native));
}

TEST_CASE("seed: nobody may sleep while something is published or notified, and a refusal leaves no mark") {
    Wake wake;
    FakeEvent event;
    Node node;
    const bool is_node = GENERATE(true, false);
    if (is_node) {
        wake.publish(node, event);
    } else {
        wake.notify(event);
    }
    CHECK_FALSE(wake.announce(Sleeper::native));
    CHECK_FALSE(wake.announce(Sleeper::external));
    CHECK_FALSE(wake.rearm());
    CHECK_FALSE(wake.is_armed(Sleeper::native));
    CHECK_FALSE(wake.is_armed(Sleeper::external));
    wake.notify(event);
    CHECK(event.sets == 0);
    CHECK(accept(wake, event, Ended::nothing).size() == (is_node ? 1U : 0U));
    CHECK_FALSE(wake.is_published());
    CHECK(wake.announce(Sleeper::native));
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

TEST_CASE("seed: what is published is accepted once, in order of publication, and may be published again") {
    Wake wake;
    FakeEvent event;
    std::array<Node, 4> nodes;
    for (Node& node : nodes) {
        wake.publish(node, event);
    }
    CHECK(accept(wake, event, Ended::nothing) == std::vector<Node*>{&nodes[0], &nodes[1], &nodes[2], &nodes[3]});
    CHECK(accept(wake, event, Ended::nothing).empty());
    wake.publish(nodes[2], event);
    CHECK(accept(wake, event, Ended::nothing) == std::vector<Node*>{&nodes[2]});
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

}  // namespace nestling::testing
