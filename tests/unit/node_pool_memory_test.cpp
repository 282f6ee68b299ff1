// SPDX-License-Identifier: MIT
#include <cstddef>
#include <vector>

#include "loop/node_pool.hpp"
#include "support/testing.hpp"
#include "unit/failing_new.hpp"
#include "unit/pool_nodes.hpp"

namespace nestling::testing {

TEST_CASE("a pool gives memory back, and one node that comes and goes asks for none") {
    PoolOf<PlainNode> test;
    int alive = 0;
    const long before = live_blocks();
    {
        std::vector<loop::NodePool<PlainNode>::Owner> nodes;
        for (int number = 0; number < 2000; ++number) {
            nodes.push_back(test.pool.make(alive, number));
        }
        CHECK(live_blocks() > before + 20);
    }
    // One slab is kept.
    CHECK(live_blocks() == before + 1);
    {
        const FailingNew failing(0);
        for (int round = 0; round < 3; ++round) {
            const auto node = test.pool.make(alive, round);
        }
    }
    CHECK(alive == 0);
}

TEST_CASE("a pool that gets no memory is as it was") {
    PoolOf<PlainNode> test;
    int alive = 0;
    std::vector<loop::NodePool<PlainNode>::Owner> nodes;
    nodes.reserve(101);
    for (int number = 0; number < 100; ++number) {
        const std::size_t before = nodes.size();
        fail_each_allocation([&] { nodes.push_back(test.pool.make(alive, number)); },
                             [&](bool) {
                                 CHECK(nodes.size() == before);
                                 CHECK(alive == static_cast<int>(before));
                             });
        CHECK(nodes.size() == before + 1);
    }
    int seen = 0;
    test.pool.for_each_handle([&seen](const PlainNode&) { ++seen; });
    CHECK(seen == 100);
}

}  // namespace nestling::testing
