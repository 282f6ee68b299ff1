// SPDX-License-Identifier: MIT
// What both forms of the wake protocol promise.
#include <array>
#include <vector>

#include "support/testing.hpp"
#include "sync/wake_oneword.hpp"
#include "sync/wake_seed.hpp"
#include "unit/accepted.hpp"

namespace nestling::testing {

using sync::Ended;
using sync::EventSeen;
using sync::Sleeper;

TEMPLATE_TEST_CASE("nothing is written while the loop is awake", "", sync::WakeOneword<>, sync::WakeSeed<>) {
    TestType wake;
    FakeEvent event;
    std::array<typename TestType::Node, 3> nodes;
    for (auto& node : nodes) {
        wake.publish(node, event);
    }
    wake.notify(event);
    wake.notify(event);
    CHECK(event.sets == 0);
    CHECK(wake.is_published());
    accepted(wake, event, EventSeen::no, Ended::nothing);
    CHECK(event.drains == 0);
}

TEMPLATE_TEST_CASE("nobody may sleep while something is published or notified, and a refusal leaves no mark", "",
                   sync::WakeOneword<>, sync::WakeSeed<>) {
    TestType wake;
    FakeEvent event;
    typename TestType::Node node;
    const bool is_node = GENERATE(true, false);
    if (is_node) {
        wake.publish(node, event);
    } else {
        wake.notify(event);
    }
    CHECK(wake.is_notified() == !is_node);
    CHECK_FALSE(wake.announce(Sleeper::native));
    CHECK_FALSE(wake.announce(Sleeper::external));
    CHECK_FALSE(wake.rearm());
    CHECK_FALSE(wake.is_armed(Sleeper::native));
    CHECK_FALSE(wake.is_armed(Sleeper::external));
    wake.notify(event);
    CHECK(event.sets == 0);
    CHECK(wake.is_notified());
    CHECK(accepted(wake, event, EventSeen::no, Ended::nothing).size() == (is_node ? 1U : 0U));
    CHECK_FALSE(wake.is_published());
    CHECK_FALSE(wake.is_notified());
    CHECK(wake.announce(Sleeper::native));
}

TEMPLATE_TEST_CASE("what is published is accepted once, in order of publication, and may be published again", "",
                   sync::WakeOneword<>, sync::WakeSeed<>) {
    using Nodes = std::vector<typename TestType::Node*>;
    TestType wake;
    FakeEvent event;
    std::array<typename TestType::Node, 4> nodes;
    for (auto& node : nodes) {
        wake.publish(node, event);
    }
    CHECK(accepted(wake, event, EventSeen::no, Ended::nothing) == Nodes{&nodes[0], &nodes[1], &nodes[2], &nodes[3]});
    CHECK(accepted(wake, event, EventSeen::no, Ended::nothing).empty());
    wake.publish(nodes[2], event);
    CHECK(accepted(wake, event, EventSeen::no, Ended::nothing) == Nodes{&nodes[2]});
}

TEMPLATE_TEST_CASE("a notify() between publications loses neither", "", sync::WakeOneword<>, sync::WakeSeed<>) {
    using Nodes = std::vector<typename TestType::Node*>;
    TestType wake;
    FakeEvent event;
    std::array<typename TestType::Node, 2> nodes;
    wake.publish(nodes[0], event);
    wake.notify(event);
    wake.publish(nodes[1], event);
    CHECK(accepted(wake, event, EventSeen::no, Ended::nothing) == Nodes{&nodes[0], &nodes[1]});
    CHECK_FALSE(wake.is_published());
}

}  // namespace nestling::testing
