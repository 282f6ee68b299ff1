// SPDX-License-Identifier: MIT
#include "loop/node_pool.hpp"

#include <cstddef>
#include <cstdint>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "os/poison.hpp"
#include "support/testing.hpp"
#include "unit/pool_nodes.hpp"

namespace nestling::testing {

namespace {

struct alignas(64) Line : loop::PooledNode {
    explicit Line(int number) noexcept : value(number) {}
    int value;
};

}  // namespace

TEST_CASE("a pooled node knows its context, and is destroyed by its owner") {
    PoolOf<PlainNode> test;
    int alive = 0;
    {
        const auto node = test.pool.make(alive, 7);
        CHECK(alive == 1);
        CHECK(node->value == 7);
        CHECK(node->is_pooled());
        CHECK(&node->core() == &test.context.core());
    }
    CHECK(alive == 0);
}

TEST_CASE("nodes in a pool do not overlap, and lie where their type must lie") {
    PoolOf<Line> test;
    std::vector<loop::NodePool<Line>::Owner> nodes;
    std::set<std::uintptr_t> addresses;
    for (int number = 0; number < 1000; ++number) {
        nodes.push_back(test.pool.make(number));
        const auto address = reinterpret_cast<std::uintptr_t>(nodes.back().get());
        REQUIRE(address % alignof(Line) == 0);
        REQUIRE(addresses.insert(address / sizeof(Line)).second);
    }
    for (int number = 0; number < 1000; ++number) {
        REQUIRE(nodes[static_cast<std::size_t>(number)]->value == number);
        REQUIRE(&nodes[static_cast<std::size_t>(number)]->core() == &test.context.core());
    }
}

TEST_CASE("a pool sees exactly its living nodes, in whatever order they come and go") {
    PoolOf<PlainNode> test;
    std::mt19937 random(5);
    int alive = 0;
    int next = 0;
    std::vector<loop::NodePool<PlainNode>::Owner> nodes;
    for (int round = 0; round < 200; ++round) {
        for (auto count = random() % 40; count != 0; --count) {
            nodes.push_back(test.pool.make(alive, next++));
        }
        for (auto count = random() % 40; count != 0 && !nodes.empty(); --count) {
            std::swap(nodes[random() % nodes.size()], nodes.back());
            nodes.pop_back();
        }
        std::multiset<int> expected;
        for (const auto& node : nodes) {
            expected.insert(node->value);
        }
        std::multiset<int> seen;
        test.pool.for_each_handle([&seen](const PlainNode& node) { seen.insert(node.value); });
        REQUIRE(seen == expected);
        REQUIRE(alive == static_cast<int>(nodes.size()));
    }
}

TEST_CASE("a node whose handle has let go of it is no handle any more") {
    PoolOf<PlainNode> test;
    int alive = 0;
    const auto node = test.pool.make(alive, 1);
    CHECK(node->has_handle());
    node->drop_handle();
    CHECK_FALSE(node->has_handle());
    CHECK(&node->core() == &test.context.core());
    int seen = 0;
    test.pool.for_each_handle([&seen](const PlainNode&) { ++seen; });
    CHECK(seen == 0);
}

TEST_CASE("the sanitizer of addresses, where there is one, lets nobody touch a place without a node") {
    PoolOf<PlainNode> test;
    int alive = 0;
    auto first = test.pool.make(alive, 1);
    const auto second = test.pool.make(alive, 2);
    const PlainNode* const place = first.get();
    CHECK_FALSE(os::is_poisoned(place));
    CHECK(os::is_poisoned(second.get() + 1) == os::can_poison);
    first.reset();
    CHECK(os::is_poisoned(place) == os::can_poison);
    CHECK_FALSE(os::is_poisoned(second.get()));
    first = test.pool.make(alive, 3);
    CHECK(first.get() == place);
    CHECK_FALSE(os::is_poisoned(place));
}

TEST_CASE("a node outside a pool says so") {
    int alive = 0;
    const PlainNode node(alive, 1);
    CHECK_FALSE(node.is_pooled());
    CHECK_FALSE(node.has_handle());
}

}  // namespace nestling::testing
