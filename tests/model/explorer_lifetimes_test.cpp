// SPDX-License-Identifier: MIT
// Objects that come and go while threads run.
#include <optional>

#include "model/explorer_testing.hpp"
#include "support/testing.hpp"

using namespace nestling::model;

TEST_CASE("An object may be destroyed only when every use of it happens before") {
    struct State {
        Atomic<int> counter{0};
        Atomic<int> users{2};
        State() {
            name(counter, "counter");
            name(users, "users");
        }
        void use_and_leave(std::memory_order order) {
            counter.fetch_add(1, relaxed);
            if (users.fetch_sub(1, order) == 1) {
                destroy(counter);
            }
        }
    };
    const auto run = [](std::memory_order order) {
        Program<State> program;
        for (const char* name : {"first", "second"}) {
            program.thread(name, [=](State& state) { state.use_and_leave(order); });
        }
        return explore(program, everything());
    };
    CHECK(run(std::memory_order_acq_rel).ok());
    CHECK(run(relaxed).failure == Failure::use_after_free);
    CHECK(run(release).failure == Failure::use_after_free);
    CHECK(run(acquire).failure == Failure::use_after_free);
}

TEST_CASE("A use after the destruction is found even if the user knows of it") {
    struct State {
        Atomic<int> object{0};
        Atomic<bool> dead{false};
    };
    Program<State> program;
    program.thread("owner", [](State& state) {
        destroy(state.object);
        state.dead.store(true, release);
    });
    program.thread("user", [](State& state) {
        if (state.dead.load(acquire)) {
            state.object.load(relaxed);
        }
    });
    CHECK(explore(program, everything()).failure == Failure::use_after_free);
}

TEST_CASE("An object that one thread builds has to be published to the others") {
    struct State {
        std::optional<Atomic<int>> object;
        Atomic<bool> ready{false};
    };
    const auto run = [](std::memory_order publish) {
        Program<State> program;
        program.thread("builder", [=](State& state) {
            state.object.emplace(7);
            state.ready.store(true, publish);
        });
        program.thread("user", [](State& state) {
            if (state.ready.load(acquire)) {
                assert_that(state.object->load(relaxed) == 7, "its value");
            }
        });
        return explore(program, everything()).failure;
    };
    CHECK(run(release) == Failure::none);
    CHECK(run(relaxed) == Failure::unpublished);
}
