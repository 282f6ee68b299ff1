// SPDX-License-Identifier: MIT
#pragma once

#include "model/scenarios/scenario_list.hpp"

namespace nestling::model {

/// One to three producers, several rounds, against a loop that sleeps natively.
template <class Form, int Producers, int Rounds>
struct Publishing : LoopWorld<Form> {
    using World = LoopWorld<Form>;
    using typename World::Half;

    Publishing() : World(Reported::edge) {}

    /// Each producer schedules its own bottom half; it may find it pending, and then it runs once for both.
    void produce(int who) {
        for (int round = 1; round <= Rounds; ++round) {
            this->schedule(halves[static_cast<std::size_t>(who)]);
        }
    }

    void consume() {
        while (!all_ran()) {
            this->poll(sync::MaySleep::yes);
        }
    }

    bool all_ran() {
        for (const Half& half : halves) {
            if (half.runs == 0) {
                return false;
            }
        }
        return true;
    }

    void check() {
        for (const Half& half : halves) {
            assert_that(half.runs <= Rounds, "a bottom half runs at most once for each schedule");
        }
        if (World::is_oneword) {
            assert_that(this->writes() <= this->sleeps(), "at most one wake write for each sleep");
        }
    }

    std::array<Half, Producers> halves;
};

/// Two pushes by one thread: they run in this order, complete, and once.
template <class Form>
struct InOrder : LoopWorld<Form> {
    using World = LoopWorld<Form>;
    using typename World::Half;
    InOrder() : World(Reported::level) {}

    void produce() {
        for (auto& half : halves) {
            half.payload.store(7);
            this->schedule(half);
        }
    }
    void consume() {
        while (this->ran < halves.size()) {
            this->poll(sync::MaySleep::yes);
        }
        for (std::size_t at = 0; at < halves.size(); ++at) {
            assert_that(this->order[at] == &halves[at], "bottom halves run in the order in which they were scheduled");
            assert_that(halves[at].runs == 1, "each runs once");
            assert_that(halves[at].last_payload == 7, "the callback sees what was written before schedule()");
        }
    }
    std::array<typename World::Half, 2> halves;
};

/// A request by a plain store in front of notify(): a deadline, a change of the descriptors.
template <class Form, int Producers>
struct Requesting : LoopWorld<Form> {
    using World = LoopWorld<Form>;
    Requesting() : World(Reported::level) {}

    void produce(int what) { this->request(what); }
    void consume(int until) {
        while (this->done() < until) {
            this->poll(sync::MaySleep::yes);
        }
    }
};

/// Data for a bottom half that is pending already: nothing is pushed, and its callback must see it all the same.
template <class Form>
struct Coalesced : LoopWorld<Form> {
    using World = LoopWorld<Form>;
    Coalesced() : World(Reported::edge) {}

    ModelAtomics::Atomic<int> first{0};
    ModelAtomics::Atomic<int> second{0};
    typename World::Half half;
    int seen_first = 0;
    int seen_second = 0;

    void consume() {
        this->callback = [](World& world, typename World::Half&) {
            auto& self = static_cast<Coalesced&>(world);
            self.seen_first = self.first.load(std::memory_order_relaxed);
            self.seen_second = self.second.load(std::memory_order_relaxed);
        };
        while (seen_first == 0 || seen_second == 0) {
            this->poll(sync::MaySleep::yes);
        }
    }
};

template <class Form>
std::vector<NamedScenario> publishing_scenarios() {
    std::vector<NamedScenario> list;
    const auto publishing = [&]<int Producers, int Rounds>(std::string name, Bounds bounds) {
        list.push_back({std::move(name),
                        [](const Options& options) {
                            using State = Publishing<Form, Producers, Rounds>;
                            Program<State> program;
                            program.thread("loop", [](State& state) { state.consume(); });
                            for (int who = 0; who < Producers; ++who) {
                                program.thread("producer " + std::to_string(who + 1),
                                               [who](State& state) { state.produce(who); });
                            }
                            program.at_end([](State& state) { state.check(); });
                            return explore(program, options);
                        },
                        bounds});
    };
    publishing.template operator()<1, 1>("one producer, one bottom half", no_bounds);
    publishing.template operator()<1, 3>("one producer, three rounds", {4, 3, 1});
    publishing.template operator()<2, 1>("two producers", {3, 2, 1});
    publishing.template operator()<2, 2>("two producers, two rounds", {2, 2, 1});
    publishing.template operator()<3, 1>("three producers", {2, 1, 0});

    list.push_back({"two bottom halves of one thread, in order",
                    [](const Options& options) {
                        using State = InOrder<Form>;
                        Program<State> program;
                        program.thread("loop", [](State& state) { state.consume(); });
                        program.thread("producer", [](State& state) { state.produce(); });
                        return explore(program, options);
                    },
                    {4, 3, 1}});
    list.push_back({"a plain store before notify()",
                    [](const Options& options) {
                        using State = Requesting<Form, 1>;
                        Program<State> program;
                        program.thread("loop", [](State& state) { state.consume(1); });
                        program.thread("producer", [](State& state) { state.produce(1); });
                        return explore(program, options);
                    },
                    no_bounds});
    list.push_back({"two plain stores before notify(), two rounds",
                    [](const Options& options) {
                        using State = Requesting<Form, 1>;
                        Program<State> program;
                        program.thread("loop", [](State& state) { state.consume(2); });
                        program.thread("producer", [](State& state) {
                            state.produce(1);
                            state.produce(2);
                        });
                        return explore(program, options);
                    },
                    {4, 3, 1}});
    list.push_back({"a timer that another thread arms",
                    [](const Options& options) {
                        using State = InOrder<Form>;
                        Program<State> program;
                        program.thread("loop", [](State& state) {
                            state.callback = [](LoopWorld<Form>& world, typename State::Half&) { world.arm_timer(); };
                            while (state.done() < 2) {
                                state.poll(sync::MaySleep::yes);
                            }
                        });
                        program.thread("producer", [](State& state) { state.schedule(state.halves[0]); });
                        return explore(program, options);
                    },
                    no_bounds});
    list.push_back({"two threads schedule the same bottom half, each with data of its own",
                    [](const Options& options) {
                        using State = Coalesced<Form>;
                        Program<State> program;
                        program.thread("loop", [](State& state) { state.consume(); });
                        program.thread("producer 1", [](State& state) {
                            state.first.store(1, std::memory_order_relaxed);
                            state.schedule(state.half);
                        });
                        program.thread("producer 2", [](State& state) {
                            state.second.store(1, std::memory_order_relaxed);
                            state.schedule(state.half);
                        });
                        return explore(program, options);
                    },
                    {3, 2, 1}});
    list.push_back({"a signal handler schedules while its thread publishes",
                    [](const Options& options) {
                        using State = Publishing<Form, 2, 1>;
                        Program<State> program;
                        program.thread("loop", [](State& state) { state.consume(); });
                        program.thread("producer", [](State& state) { state.produce(0); });
                        program.signal_handler([](State& state) { state.produce(1); });
                        return explore(program, options);
                    },
                    {2, 2, 1}});
    list.push_back({"a signal handler schedules on the home thread",
                    [](const Options& options) {
                        using State = Publishing<Form, 1, 1>;
                        Program<State> program;
                        program.thread("loop", [](State& state) { state.consume(); });
                        program.signal_handler([](State& state) { state.produce(0); });
                        return explore(program, options);
                    },
                    no_bounds});
    return list;
}

}  // namespace nestling::model
