// SPDX-License-Identifier: MIT
// Events that threads sleep on: lost wakeups and livelocks.
#include <array>
#include <set>
#include <string>

#include "model/explorer_testing.hpp"
#include "support/testing.hpp"

using namespace nestling::model;

TEST_CASE("Who waits for an event that nobody sets any more is a lost wakeup") {
    struct State {
        Event event;
        State() { name(event, "event"); }
    };
    Program<State> program;
    program.thread("setter", [](State& state) { state.event.set(); });
    program.thread("sleeper", [](State& state) { state.event.wait(); });
    CHECK(explore(program, everything()).ok());

    program.thread("drainer", [](State& state) { state.event.drain(); });
    const Result result = explore(program, everything());
    INFO(result.describe());
    CHECK(result.failure == Failure::lost_wakeup);
    CHECK(result.trace.find("event wait: sleeps for ever") != std::string::npos);
}

TEST_CASE("An event carries no order unless it is asked to") {
    struct Relaxed {
        Plain<int> data{0};
        Event event{EventStrength::relaxed};
    };
    struct Strong {
        Plain<int> data{0};
        Event event{EventStrength::synchronises};
    };
    const auto run = [](auto state) {
        using State = typename decltype(state)::type;
        Program<State> program;
        program.thread("setter", [](State& s) {
            s.data.store(1);
            s.event.set();
        });
        program.thread("sleeper", [](State& s) {
            s.event.wait();
            s.data.load();
        });
        return explore(program, everything()).failure;
    };
    CHECK(run(std::common_type<Relaxed>{}) == Failure::data_race);
    CHECK(run(std::common_type<Strong>{}) == Failure::none);
}

TEST_CASE("An event counts its writes and stays set until it is drained") {
    struct State {
        Event event;
    };
    Program<State> program;
    program.thread("setter", [](State& state) {
        state.event.set();
        state.event.set();
    });
    program.thread("sleeper", [](State& state) {
        state.event.wait();
        state.event.wait();
        assert_that(state.event.is_set(), "waiting does not drain");
    });
    program.at_end([](State& state) {
        assert_that(state.event.writes() == 2, "two writes");
        assert_that(state.event.drain(), "it was set");
        assert_that(!state.event.drain(), "it was drained");
    });
    const Result result = explore(program, everything());
    INFO(result.describe());
    CHECK(result.ok());
}

TEST_CASE("An event that can never be drained is a livelock, and one that others drain is not") {
    struct State {
        Event event;
        Atomic<bool> over{false};
    };
    Program<State> program;
    program.thread("spinner", [](State& state) {
        while (!state.over.load(relaxed)) {
            state.event.wait();
        }
    });
    program.thread("other", [](State& state) {
        state.event.set();
        state.over.store(true, relaxed);
    });
    Result result = explore(program, everything());
    INFO(result.describe());
    CHECK(result.ok());

    Program<State> hopeless;
    hopeless.thread("spinner", [](State& state) {
        state.event.set();
        for (;;) {
            state.event.wait();
        }
    });
    CHECK(explore(hopeless, everything()).failure == Failure::livelock);
}

TEST_CASE("A loop that gives way ends when another thread has done its part") {
    struct State {
        Atomic<bool> over{false};
    };
    Program<State> program;
    program.thread("spinner", [](State& state) {
        while (!state.over.load(relaxed)) {
            yield();
        }
    });
    program.thread("other", [](State& state) { state.over.store(true, relaxed); });
    const Result result = explore(program, everything());
    INFO(result.describe());
    CHECK(result.ok());
}

TEST_CASE("Giving up at known states loses nothing of events") {
    struct State {
        Event event;
        std::array<bool, 3> set{};
    };
    const auto outcomes = [](Pruning pruning) {
        std::set<std::array<bool, 3>> all;
        Program<State> program;
        for (std::size_t i = 0; i < 2; ++i) {
            program.thread("setter", [i](State& state) {
                state.event.set();
                state.set[i] = state.event.is_set();
            });
        }
        program.thread("drainer", [](State& state) {
            state.event.wait();
            state.event.drain();
            state.set[2] = state.event.is_set();
        });
        program.at_end([&](State& state) { all.insert(state.set); });
        Options options = everything();
        options.pruning = pruning;
        options.deepening = Deepening::no;
        CHECK(explore(program, options).ok());
        return all;
    };
    const auto pruned = outcomes(Pruning::seen_states);
    CHECK(pruned == outcomes(Pruning::none));
    CHECK(pruned.size() > 3);
}
