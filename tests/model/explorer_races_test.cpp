// SPDX-License-Identifier: MIT
// Which accesses are races, and what atomic operations do.
#include "model/explorer_testing.hpp"
#include "support/testing.hpp"

using namespace nestling::model;

TEST_CASE("Data handed over by release and acquire is no race, and with less it is one") {
    CHECK(hand_over(release, acquire).ok());
    CHECK(hand_over(release, acquire).unbounded);
    // Which of the two accesses comes first in the execution decides what is reported, and both are the same mistake.
    CHECK(hand_over(relaxed, acquire).failure == Failure::data_race);
    CHECK(hand_over(release, relaxed).failure == Failure::data_race);
}

TEST_CASE("What is written after the release is not handed over") {
    struct State {
        Plain<int> data{0};
        Atomic<bool> ready{false};
    };
    Program<State> program;
    program.thread("giver", [](State& state) {
        state.ready.store(true, release);
        state.data.store(1);
    });
    program.thread("taker", [](State& state) {
        if (state.ready.load(acquire)) {
            state.data.load();
        }
    });
    CHECK(explore(program, everything()).failure == Failure::data_race);
}

TEST_CASE("The order of seq_cst fences makes nothing happen before") {
    // The taker reads data only if its fence came second. It learns so from a relaxed load, which hands nothing over.
    struct State {
        Plain<int> data;
        Atomic<bool> late{false};
        Atomic<bool> ready{false};
    };
    const auto run = [](std::memory_order take) {
        Program<State> program;
        program.thread("giver", [](State& state) {
            state.data.store(1);
            ModelAtomics::fence(std::memory_order_seq_cst);
            if (!state.late.load(relaxed)) {
                state.ready.store(true, relaxed);
            }
        });
        program.thread("taker", [=](State& state) {
            state.late.store(true, relaxed);
            ModelAtomics::fence(std::memory_order_seq_cst);
            if (state.ready.load(take)) {
                state.data.load();
            }
        });
        return explore(program, everything()).failure;
    };
    CHECK(run(relaxed) == Failure::data_race);
    CHECK(run(acquire) == Failure::none);
}

TEST_CASE("A variable that is read before it was written is reported") {
    struct State {
        Plain<int> empty;
        Plain<int> filled{1};
    };
    Program<State> program;
    program.thread("filled", [](State& state) { state.filled.load(); });
    CHECK(explore(program, everything()).ok());
    program.thread("empty", [](State& state) { state.empty.load(); });
    CHECK(explore(program, everything()).failure == Failure::uninitialised);
}

TEST_CASE("A weak compare-exchange may fail for no reason, a strong one does not") {
    struct State {
        Atomic<int> number{3};
    };
    const auto run = [](bool weak) {
        Program<State> program;
        program.thread("only", [=](State& state) {
            int expected = 3;
            const bool done = weak ? state.number.compare_exchange_weak(expected, 4, relaxed)
                                   : state.number.compare_exchange_strong(expected, 4, relaxed);
            assert_that(done, "it succeeds");
            assert_that(!state.number.compare_exchange_strong(expected, 5, relaxed), "it fails");
            assert_that(expected == 4, "and says why");
        });
        return explore(program, everything()).failure;
    };
    CHECK(run(true) == Failure::assertion);
    CHECK(run(false) == Failure::none);
}

TEST_CASE("Read-modify-writes return what was there, and store what they should") {
    struct State {
        Atomic<unsigned> bits{12};
        Atomic<bool> flag{false};
    };
    Program<State> program;
    program.thread("only", [](State& state) {
        assert_that(state.bits.fetch_or(3, relaxed) == 12, "or");
        assert_that(state.bits.fetch_and(6, relaxed) == 15, "and");
        assert_that(state.bits.fetch_add(10, relaxed) == 6, "add");
        assert_that(state.bits.fetch_sub(17, relaxed) == 16, "sub");
        assert_that(state.bits.exchange(5, relaxed) == ~0U, "exchange, after a wrap around");
        assert_that(state.bits.load() == 5, "load");
        assert_that(!state.flag.exchange(true), "flag");
        assert_that(state.flag.load(), "flag, set");
    });
    const Result result = explore(program, everything());
    INFO(result.describe());
    CHECK(result.ok());
}
