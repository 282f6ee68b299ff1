// SPDX-License-Identifier: MIT
#include "loop/retired_nodes.hpp"

#include <atomic>
#include <cstddef>
#include <map>
#include <thread>
#include <vector>

#include "support/testing.hpp"
#include "unit/pool_nodes.hpp"

namespace nestling::testing {

namespace {

struct alignas(64) Line : loop::PooledNode {
    explicit Line(int number) noexcept : value(number) {}
    int value;
};
using Pool = loop::NodePool<Line>;
using Owners = std::vector<Pool::Owner>;

Owners make_lines(PoolOf<Line>& test, int count) {
    Owners nodes;
    for (int number = 0; number < count; ++number) {
        nodes.push_back(test.pool.make(number));
    }
    return nodes;
}

}  // namespace

TEST_CASE("retired nodes are taken once each, whichever slabs they lie in") {
    PoolOf<Line> test;
    const Owners nodes = make_lines(test, 500);
    loop::RetiredNodes<Line> retired;
    CHECK(retired.empty());
    for (int round = 0; round < 3; ++round) {
        std::map<int, int> seen;
        for (std::size_t index = 0; index < nodes.size(); index += 3) {
            retired.push(*nodes[index]);
            CHECK_FALSE(retired.empty());
        }
        retired.take([&seen](const Line& node) { ++seen[node.value]; });
        CHECK(retired.empty());
        CHECK(seen.size() == 167);
        for (const auto& [value, count] : seen) {
            REQUIRE(value % 3 == 0);
            REQUIRE(count == 1);
        }
    }
}

TEST_CASE("taking a retired node may free it with its slab, and retire its neighbours") {
    PoolOf<Line> test;
    Owners nodes = make_lines(test, 200);
    loop::RetiredNodes<Line> retired;
    retired.push(*nodes[0]);
    int ended = 0;
    // Each ends the one before it, and retires the next.
    const auto end = [&](Line& node) {
        const auto index = static_cast<std::size_t>(node.value);
        if (index + 1 != nodes.size()) {
            retired.push(*nodes[index + 1]);
        }
        nodes[index].reset();
        ++ended;
    };
    for (int round = 0; round < 200; ++round) {
        retired.take(end);
    }
    CHECK(ended == 200);
    CHECK(retired.empty());
}

TEST_CASE("nodes of one slab are retired by several threads while others are taken, and none is lost") {
    // Under ThreadSanitizer too.
    constexpr int threads = 3;
    constexpr int each = 2000;
    PoolOf<Line> test;
    const Owners nodes = make_lines(test, threads * 8);
    loop::RetiredNodes<Line> retired;
    std::vector<std::atomic<bool>> is_away(nodes.size());
    std::atomic<int> done{0};
    std::vector<std::thread> retiring;
    for (int number = 0; number < threads; ++number) {
        retiring.emplace_back([&, number] {
            for (int round = 0; round < each; ++round) {
                const auto index = static_cast<std::size_t>(number * 8 + round % 8);
                while (is_away[index].exchange(true)) {
                    std::this_thread::yield();
                }
                retired.push(*nodes[index]);
            }
            ++done;
        });
    }
    int taken = 0;
    const auto end = [&](const Line& node) {
        ++taken;
        is_away[static_cast<std::size_t>(node.value)] = false;
    };
    while (done != threads) {
        retired.take(end);
        std::this_thread::yield();
    }
    for (std::thread& thread : retiring) {
        thread.join();
    }
    retired.take(end);
    CHECK(taken == threads * each);
}

}  // namespace nestling::testing
