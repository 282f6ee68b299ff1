// SPDX-License-Identifier: MIT
#pragma once

#include "model/scenarios/scenario_list.hpp"

namespace nestling::model {

template <class Form>
struct Lifetime : LoopWorld<Form> {
    using World = LoopWorld<Form>;
    using typename World::Half;
    Lifetime() : World(Reported::edge) {}

    void until_done(int count) {
        while (this->done() < count) {
            this->poll(sync::MaySleep::yes);
        }
    }

    Half first;
    Half second;
    ModelAtomics::Atomic<int> finished{0};
    int seen = 0;
};

template <class Form>
std::vector<NamedScenario> lifetime_scenarios() {
    using State = Lifetime<Form>;
    using Half = typename State::Half;
    std::vector<NamedScenario> list;
    list.push_back({"scheduled, cancelled and scheduled again by one thread",
                    [](const Options& options) {
                        Program<State> program;
                        program.thread("loop", [](State& state) { state.until_done(1); });
                        program.thread("producer", [](State& state) {
                            state.schedule(state.first);
                            state.first.state.cancel();
                            state.schedule(state.first);
                        });
                        return explore(program, options);
                    },
                    {4, 3, 1}});
    list.push_back({"idle, and then scheduled in earnest",
                    [](const Options& options) {
                        Program<State> program;
                        program.thread("loop", [](State& state) {
                            while (state.first.runs == 0 || state.second.runs == 0) {
                                state.poll(sync::MaySleep::yes);
                            }
                        });
                        program.thread("producer", [](State& state) {
                            state.schedule_idle(state.first);
                            state.schedule(state.first);
                            state.schedule(state.second);
                        });
                        return explore(program, options);
                    },
                    {4, 2, 1}});
    list.push_back({"deleted by another thread while it is scheduled",
                    [](const Options& options) {
                        Program<State> program;
                        program.thread("loop", [](State& state) {
                            while (!state.first.is_freed) {
                                state.poll(sync::MaySleep::yes);
                            }
                        });
                        program.thread("owner", [](State& state) {
                            state.schedule(state.first);
                            state.remove(state.first);
                        });
                        return explore(program, options);
                    },
                    {4, 3, 1}});
    list.push_back({"deletes itself in its callback",
                    [](const Options& options) {
                        Program<State> program;
                        program.thread("loop", [](State& state) {
                            state.callback = [](LoopWorld<Form>& world, Half& half) { world.remove(half); };
                            while (!state.first.is_freed) {
                                state.poll(sync::MaySleep::yes);
                            }
                        });
                        program.thread("producer", [](State& state) { state.schedule(state.first); });
                        return explore(program, options);
                    },
                    no_bounds});
    list.push_back({"schedules itself in its callback: in the next round",
                    [](const Options& options) {
                        Program<State> program;
                        program.thread("loop", [](State& state) {
                            state.callback = [](LoopWorld<Form>& world, Half& half) {
                                if (half.runs < 3) {
                                    world.schedule(half);
                                }
                            };
                            while (state.first.runs < 3) {
                                const int before = state.first.runs;
                                state.poll(sync::MaySleep::yes);
                                assert_that(state.first.runs <= before + 1, "once in each iteration");
                            }
                        });
                        program.thread("producer", [](State& state) { state.schedule(state.first); });
                        return explore(program, options);
                    },
                    {4, 3, 1}});
    list.push_back({"cancels itself in its callback and then looks for more (contracts B-15)",
                    [](const Options& options) {
                        Program<State> program;
                        program.thread("loop", [](State& state) {
                            state.callback = [](LoopWorld<Form>& world, Half& half) {
                                auto& self = static_cast<State&>(world);
                                world.schedule(half);
                                half.state.cancel();
                                self.seen = self.finished.load(std::memory_order_relaxed);
                            };
                            state.schedule(state.first);
                            while (state.seen == 0) {
                                state.poll(sync::MaySleep::yes);
                            }
                        });
                        program.thread("worker", [](State& state) {
                            state.finished.store(1, std::memory_order_relaxed);
                            state.schedule(state.first);
                        });
                        return explore(program, options);
                    },
                    {4, 3, 1}});
    return list;
}

}  // namespace nestling::model
