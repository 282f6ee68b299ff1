// SPDX-License-Identifier: MIT
// What is searched within bounds, and how the first counterexample is shown.
#include <algorithm>
#include <string>

#include "model/explorer_testing.hpp"
#include "support/testing.hpp"

using namespace nestling::model;

TEST_CASE("The trace of a failure shows a column for each thread, names, orders and values") {
    const Result result = hand_over(relaxed, acquire);
    INFO(result.describe());
    CHECK(result.trace ==
          "   #  giver                 taker\n"
          "   1  data write -> 42\n"
          "   2  ready store.rlx -> 1\n"
          "   3                        ready load.acq 1\n"
          "   4                        data read 42\n");
    CHECK(result.trace_steps == 2);
    CHECK(result.distance == 0);
}

TEST_CASE("A long trace is cut in the middle") {
    struct State {
        Atomic<int> number{0};
    };
    Program<State> program;
    program.thread("only", [](State& state) {
        for (int i = 0; i < 100; ++i) {
            state.number.load(relaxed);
        }
        assert_that(false, "never");
    });
    const Result result = explore(program, everything());
    CHECK(result.failure == Failure::assertion);
    CHECK(result.text == "never");
    CHECK(std::count(result.trace.begin(), result.trace.end(), '\n') == 60);
    CHECK(result.trace.find("... 42 steps ...") != std::string::npos);
}

TEST_CASE("Bounds leave executions out, and the result says so") {
    // Fails only with three preemptions: the two have to alternate.
    struct State {
        Atomic<int> turn{0};
        int reached = 0;
        void step(int expected) {
            if (turn.fetch_add(0, relaxed) == expected) {
                turn.fetch_add(1, relaxed);
                reached = expected;
            }
        }
    };
    Program<State> program;
    program.thread("even", [](State& state) {
        state.step(0);
        state.step(2);
    });
    program.thread("odd", [](State& state) {
        state.step(1);
        state.step(3);
    });
    program.at_end([](State& state) { assert_that(state.reached != 3, "never reached"); });

    Options options;
    options.bounds = {1, 0, 0};
    const Result bounded = explore(program, options);
    CHECK(bounded.ok());
    CHECK_FALSE(bounded.unbounded);

    options.bounds = {2, 0, 0};
    const Result found = explore(program, options);
    CHECK(found.failure == Failure::assertion);
    CHECK(found.distance == 2);

    options.executions = 3;
    const Result stopped = explore(program, options);
    CHECK_FALSE(stopped.ok());
    CHECK(stopped.failure == Failure::none);
    CHECK(stopped.describe().find("stopped") != std::string::npos);
}

TEST_CASE("The first counterexample is one of the shortest") {
    // Reading the flag stale needs one weak choice, or none if the reader comes first: that one is reported.
    struct State {
        Atomic<int> flag{0};
    };
    Program<State> program;
    program.thread("writer", [](State& state) {
        state.flag.store(1, relaxed);
        state.flag.store(2, relaxed);
    });
    program.thread("reader", [](State& state) { assert_that(state.flag.load(relaxed) == 2, "the newest"); });
    const Result result = explore(program, everything());
    CHECK(result.failure == Failure::assertion);
    CHECK(result.distance == 0);
    CHECK(result.trace_steps == 1);
}
