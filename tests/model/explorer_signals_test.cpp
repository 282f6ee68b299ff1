// SPDX-License-Identifier: MIT
// Signal handlers.
#include <array>
#include <set>
#include <utility>

#include "model/explorer_testing.hpp"
#include "support/testing.hpp"

using namespace nestling::model;

TEST_CASE("A signal handler comes between any two steps of its thread, and exactly once") {
    struct State {
        Atomic<int> number{0};
        int calls = 0;
    };
    std::array<bool, 4> seen{};
    Program<State> program;
    program
        .thread("interrupted",
                [](State& state) {
                    for (int i = 1; i <= 3; ++i) {
                        state.number.store(i, relaxed);
                    }
                })
        .signal_handler([&](State& state) {
            ++state.calls;
            seen[static_cast<unsigned>(state.number.load(relaxed))] = true;
        })
        .at_end([](State& state) { assert_that(state.calls == 1, "once"); });
    program.thread("onlooker", [](State& state) { state.number.load(relaxed); });
    CHECK(explore(program, everything()).ok());
    CHECK(seen == std::array<bool, 4>{true, true, true, true});
}

TEST_CASE("A signal handler that stores what its thread stores comes before it or after it") {
    struct State {
        Atomic<int> number{0};
        int first = 0;
        int second = 0;
    };
    std::set<std::pair<int, int>> seen;
    Program<State> program;
    program.thread("interrupted", [](State& state) { state.number.store(1, relaxed); })
        .signal_handler([](State& state) { state.number.store(2, relaxed); });
    program.thread("onlooker", [](State& state) {
        state.first = state.number.load(relaxed);
        state.second = state.number.load(relaxed);
    });
    program.at_end([&](State& state) { seen.emplace(state.first, state.second); });
    CHECK(explore(program, everything()).ok());
    CHECK(seen == std::set<std::pair<int, int>>{{0, 0}, {0, 1}, {0, 2}, {1, 1}, {1, 2}, {2, 1}, {2, 2}});
}

TEST_CASE("A signal handler wakes its own thread from a wait") {
    struct State {
        Event event;
    };
    Program<State> program;
    program.thread("sleeper", [](State& state) { state.event.wait(); }).signal_handler([](State& state) {
        state.event.set();
    });
    const Result result = explore(program, everything());
    INFO(result.describe());
    CHECK(result.ok());
}
