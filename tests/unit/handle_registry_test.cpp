// SPDX-License-Identifier: MIT
#include "loop/handle_registry.hpp"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <nestling/bottom_half.hpp>
#include <nestling/context.hpp>

#include "support/testing.hpp"

namespace nestling::testing {

namespace {
using loop::HandleNode;
using loop::HandleRegistry;
}  // namespace

TEST_CASE("a registry without handles names nothing") {
    CHECK(HandleRegistry().names().empty());
}

TEST_CASE("a registry names every living handle in quotes") {
    HandleRegistry registry;
    HandleNode first{"first"};
    HandleNode second{"second"};
    registry.add(first);
    CHECK(registry.names() == "\"first\"");
    registry.add(second);
    CHECK(registry.names() == "\"first\", \"second\"");
    registry.remove(first);
    CHECK(registry.names() == "\"second\"");
    registry.remove(second);
    CHECK(registry.names().empty());
}

TEST_CASE("handles leave the registry in any order, and those with equal names are told apart") {
    HandleRegistry registry;
    std::vector<HandleNode> nodes(6, HandleNode("same"));
    nodes[2].name = "other";
    for (HandleNode& node : nodes) {
        registry.add(node);
    }
    for (const std::size_t index : {0U, 5U, 3U, 1U, 4U}) {
        registry.remove(nodes[index]);
    }
    CHECK(registry.names() == "\"other\"");
    registry.add(nodes[0]);
    registry.remove(nodes[2]);
    CHECK(registry.names() == "\"same\"");
}

TEST_CASE("handles come and go on several threads at once") {
    HandleRegistry registry;
    HandleNode survivor{"survivor"};
    registry.add(survivor);
    std::vector<std::thread> threads;
    for (int index = 0; index < 3; ++index) {
        threads.emplace_back([&registry] {
            std::vector<HandleNode> nodes(8, HandleNode("passing"));
            for (int round = 0; round < 200; ++round) {
                for (HandleNode& node : nodes) {
                    registry.add(node);
                }
                for (HandleNode& node : nodes) {
                    registry.remove(node);
                }
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    CHECK(registry.names() == "\"survivor\"");
}

TEST_CASE("a bottom half runs while other threads create and destroy handles of its context") {
    // Under ThreadSanitizer: removing a handle moves another one's place in the registry.
    Context context;
    int calls = 0;
    std::atomic<bool> is_done{false};
    std::thread other([&] {
        for (int round = 0; round < 2000; ++round) {
            const BottomHalf first(context, "first", [] {});
            const BottomHalf second(context, "second", [] {});
        }
        is_done.store(true);
        context.notify();
    });
    int expected = 0;
    while (!is_done.load()) {
        BottomHalf mine(context, "mine", [&calls] { ++calls; });
        for (int round = 0; round < 20; ++round) {
            mine.schedule();
            ++expected;
            context.poll(Wait::none);
        }
    }
    other.join();
    context.poll(Wait::none);
    CHECK(calls == expected);
}

}  // namespace nestling::testing
