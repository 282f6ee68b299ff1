// SPDX-License-Identifier: MIT
#include "sync/wake_oneword.hpp"

#include <array>
#include <vector>

#include "support/testing.hpp"
#include "unit/fake_event.hpp"

namespace nestling::testing {

namespace {

using sync::Ended;
using sync::EventSeen;
using sync::Sleeper;
using Wake = sync::WakeOneword<>;
using Node = Wake::Node;

std::vector<Node*> accept(Wake& wake, FakeEvent& event, EventSeen seen, Ended ended) {
    std::vector<Node*> nodes;
    for (Node* node = wake.accept(event, seen, ended); node != nullptr; node = node->next.load()) {
        nodes.push_back(node);
    }
    return nodes;
}

}  // namespace

TEST_CASE("oneword: nothing is written while the loop is awake") {
    Wake wake;
    FakeEvent event;
    std::array<Node, 3> nodes;
    for (Node& node : nodes) {
        wake.publish(node, event);
    }
    wake.notify(event);
    wake.notify(event);
    CHECK(event.sets == 0);
    CHECK(wake.is_published());
}

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
        CHECK(accept(wake, event, EventSeen::yes, Ended::native_wait).size() == 2);
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

TEST_CASE("oneword: nobody may sleep while something is published or notified") {
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
    wake.notify(event);
    CHECK(event.sets == 0);
    CHECK(accept(wake, event, EventSeen::no, Ended::nothing).size() == (is_node ? 1U : 0U));
    CHECK_FALSE(wake.is_published());
    CHECK(wake.announce(Sleeper::native));
}

TEST_CASE("oneword: what is published is accepted once, in order of publication, and may be published again") {
    Wake wake;
    FakeEvent event;
    std::array<Node, 4> nodes;
    for (Node& node : nodes) {
        wake.publish(node, event);
    }
    CHECK(accept(wake, event, EventSeen::no, Ended::nothing) ==
          std::vector<Node*>{&nodes[0], &nodes[1], &nodes[2], &nodes[3]});
    CHECK(accept(wake, event, EventSeen::no, Ended::nothing).empty());
    wake.publish(nodes[2], event);
    CHECK(accept(wake, event, EventSeen::no, Ended::nothing) == std::vector<Node*>{&nodes[2]});
}

TEST_CASE("oneword: a notify() between publications loses neither") {
    Wake wake;
    FakeEvent event;
    std::array<Node, 2> nodes;
    wake.publish(nodes[0], event);
    wake.notify(event);
    wake.publish(nodes[1], event);
    CHECK(accept(wake, event, EventSeen::no, Ended::nothing) == std::vector<Node*>{&nodes[0], &nodes[1]});
    CHECK_FALSE(wake.is_published());
}

TEST_CASE("oneword: the event is drained when the wait reported it, and only then") {
    Wake wake;
    FakeEvent event;
    accept(wake, event, EventSeen::no, Ended::native_wait);
    CHECK(event.drains == 0);
    accept(wake, event, EventSeen::yes, Ended::native_wait);
    CHECK(event.drains == 1);
    accept(wake, event, EventSeen::yes, Ended::nothing);
    CHECK(event.drains == 2);
}

TEST_CASE("oneword: an accept that ends no wait leaves the mark of an outer sleeper") {
    Wake wake;
    FakeEvent event;
    Node node;
    REQUIRE(wake.announce(Sleeper::external));
    CHECK(accept(wake, event, EventSeen::no, Ended::nothing).empty());
    CHECK(accept(wake, event, EventSeen::yes, Ended::nothing).empty());
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
    CHECK(accept(wake, event, EventSeen::no, ended).empty());
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
    CHECK(accept(wake, event, EventSeen::no, Ended::nothing) == std::vector<Node*>{&nodes[0]});
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
    accept(wake, event, EventSeen::no, Ended::native_wait);
    CHECK_FALSE(wake.is_armed(Sleeper::external));
    CHECK(wake.rearm());
    CHECK(wake.is_armed(Sleeper::external));
    CHECK(wake.rearm());
    wake.publish(nodes[0], event);
    CHECK(event.sets == 1);
    CHECK_FALSE(wake.rearm());
}

}  // namespace nestling::testing
