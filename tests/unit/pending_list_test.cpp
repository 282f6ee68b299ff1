// SPDX-License-Identifier: MIT
#include "sync/pending_list.hpp"

#include <array>
#include <vector>

#include "support/testing.hpp"
#include "sync/atomics.hpp"

namespace nestling::testing {

namespace {

using Node = sync::PendingNode<sync::StdAtomics>;
using Queue = sync::TakenQueue<sync::StdAtomics>;

std::vector<Node*> drain(Queue& queue) {
    std::vector<Node*> nodes;
    while (Node* node = queue.pop()) {
        nodes.push_back(node);
    }
    return nodes;
}

}  // namespace

TEST_CASE("a list of the last published first is turned into order of publication") {
    CHECK(sync::in_order_of_publication<sync::StdAtomics>(nullptr) == nullptr);
    std::array<Node, 5> nodes;
    Node* newest = nullptr;
    for (Node& node : nodes) {
        node.next.store(newest);
        newest = &node;
    }
    const Node* at = sync::in_order_of_publication(newest);
    for (const Node& node : nodes) {
        REQUIRE(at == &node);
        at = at->next.load();
    }
    CHECK(at == nullptr);
}

TEST_CASE("the address of a node leaves two bits for the tags of the wake word") {
    CHECK(alignof(Node) >= 4);
}

TEST_CASE("a taken queue is first in, first out, and may be refilled while it is emptied") {
    std::array<Node, 4> nodes;
    Queue queue;
    CHECK(queue.empty());
    CHECK(queue.pop() == nullptr);
    queue.push(&nodes[0]);
    queue.push(&nodes[1]);
    CHECK_FALSE(queue.empty());
    CHECK(queue.pop() == &nodes[0]);
    queue.push(&nodes[2]);
    CHECK(queue.pop() == &nodes[1]);
    CHECK(queue.pop() == &nodes[2]);
    CHECK(queue.pop() == nullptr);
    CHECK(queue.empty());
    queue.push(&nodes[3]);
    CHECK(drain(queue) == std::vector<Node*>{&nodes[3]});
}

TEST_CASE("what is prepended comes first, in its own order, and leaves the other queue empty") {
    std::array<Node, 4> nodes;
    const bool has_own = GENERATE(false, true);
    Queue queue;
    Queue other;
    std::vector<Node*> expected{&nodes[0], &nodes[1]};
    if (has_own) {
        queue.push(&nodes[2]);
        expected.push_back(&nodes[2]);
    }
    other.push(&nodes[0]);
    other.push(&nodes[1]);
    queue.prepend(other);
    CHECK(other.empty());
    // The end must be known too.
    queue.push(&nodes[3]);
    expected.push_back(&nodes[3]);
    CHECK(drain(queue) == expected);
}

TEST_CASE("prepending an empty queue changes nothing") {
    Node node;
    Queue queue;
    Queue other;
    queue.prepend(other);
    CHECK(queue.empty());
    queue.push(&node);
    queue.prepend(other);
    CHECK(drain(queue) == std::vector<Node*>{&node});
}

}  // namespace nestling::testing
