// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "model/explorer/explore.hpp"
#include "support/testing.hpp"

namespace {

using namespace nestling::model;

template <class T>
using Atomic = ModelAtomics::Atomic<T>;
template <class T>
using Plain = ModelAtomics::Plain<T>;

constexpr std::memory_order relaxed = std::memory_order_relaxed;
constexpr std::memory_order acquire = std::memory_order_acquire;
constexpr std::memory_order release = std::memory_order_release;

Options everything() {
    Options options;
    options.bounds = no_bounds;
    return options;
}

/// One that hands data over by a flag, with orders that may be too weak.
struct Handover {
    Plain<int> data;
    Atomic<bool> ready{false};

    Handover() {
        name(data, "data");
        name(ready, "ready");
    }
    void give(std::memory_order order) {
        data.store(42);
        ready.store(true, order);
    }
    void take(std::memory_order order) {
        if (ready.load(order)) {
            assert_that(data.load() == 42, "data is what was given");
        }
    }
};

Result hand_over(std::memory_order give, std::memory_order take) {
    Program<Handover> program;
    program.thread("giver", [=](Handover& state) { state.give(give); });
    program.thread("taker", [=](Handover& state) { state.take(take); });
    return explore(program, everything());
}

}  // namespace

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
