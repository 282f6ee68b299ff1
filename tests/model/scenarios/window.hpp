// SPDX-License-Identifier: MIT
#pragma once

#include "model/scenarios/scenario_list.hpp"

namespace nestling::model {

/// An outer loop in whose steps poll() runs at one of these points.
enum class Point { nowhere, after_prepare, after_prepare_twice, before_check, after_check, in_callback };

enum class Outer {
    usual,            ///< prepare, wait, check, dispatch
    check_skipped,    ///< dispatch follows the wait
    prepare_repeated  ///< prepare, prepare, wait, check, dispatch
};

template <class Form>
struct Nested : LoopWorld<Form> {
    using World = LoopWorld<Form>;
    using typename World::Half;

    Nested() : World(Reported::edge) {}

    void poll_at(Point here, Point wanted, sync::MaySleep may_sleep) {
        if (here == wanted || (here == Point::after_prepare && wanted == Point::after_prepare_twice)) {
            this->poll(may_sleep);
            if (wanted == Point::after_prepare_twice) {
                this->poll(sync::MaySleep::no);
            }
        }
    }

    /// The outer loop, until everything is done.
    void iterate(Point point, Outer outer, int until) {
        while (this->done() < until) {
            bool ready = this->prepare();
            if (outer == Outer::prepare_repeated) {
                ready = this->prepare();
            }
            poll_at(Point::after_prepare, point, sync::MaySleep::no);
            if (this->done() >= until) {
                break;
            }
            if (!ready) {
                this->outer_wait();
            }
            poll_at(Point::before_check, point, sync::MaySleep::no);
            // GLib does not check what prepare called ready.
            bool dispatch = ready;
            if (!ready && outer != Outer::check_skipped) {
                dispatch = this->check();
            }
            poll_at(Point::after_check, point, sync::MaySleep::no);
            if (dispatch || outer == Outer::check_skipped) {
                this->dispatch();
            }
        }
    }

    void nest_in_callbacks() {
        this->callback = [](World& world, Half&) { world.poll(sync::MaySleep::no); };
    }
    /// The callback of the first schedules the second, as in the sequence on which the model sleeps for ever (contracts
    /// M7).
    void chain() {
        this->callback = [](World& world, Half& half) {
            auto& self = static_cast<Nested&>(world);
            if (&half == &self.halves[0]) {
                self.schedule(self.halves[1]);
            }
        };
    }

    /// What another thread publishes to arm a timer, as Timer does.
    void arm_in_callbacks() {
        this->callback = [](World& world, Half&) { world.arm_timer(); };
    }

    std::array<Half, 2> halves;
};

template <class Form>
std::vector<NamedScenario> window_scenarios() {
    std::vector<NamedScenario> list;
    struct Variant {
        const char* name;
        Point point;
        Outer outer;
        Bounds bounds;
    };
    const Variant variants[] = {
        {"outer loop", Point::nowhere, Outer::usual, {4, 3, 1}},
        {"outer loop, prepare repeated", Point::nowhere, Outer::prepare_repeated, {3, 2, 1}},
        {"outer loop, check skipped", Point::nowhere, Outer::check_skipped, {3, 2, 1}},
        {"poll() between prepare and sleep", Point::after_prepare, Outer::usual, {3, 2, 1}},
        {"poll() twice between prepare and sleep", Point::after_prepare_twice, Outer::usual, {3, 2, 1}},
        {"poll() between prepare and sleep, check skipped", Point::after_prepare, Outer::check_skipped, {3, 2, 1}},
        {"poll() between sleep and check", Point::before_check, Outer::usual, {3, 2, 1}},
        {"poll() between check and dispatch", Point::after_check, Outer::usual, {3, 2, 1}},
        {"poll() in a callback", Point::in_callback, Outer::usual, {3, 2, 1}},
    };
    for (const Variant& variant : variants) {
        for (const bool by_request : {false, true}) {
            list.push_back({std::string(variant.name) + (by_request ? ", plain store" : ", two bottom halves"),
                            [variant, by_request](const Options& options) {
                                using State = Nested<Form>;
                                Program<State> program;
                                program.thread("loop", [variant](State& state) {
                                    if (variant.point == Point::in_callback) {
                                        state.nest_in_callbacks();
                                    }
                                    state.iterate(variant.point, variant.outer, 2);
                                });
                                program.thread("producer", [by_request](State& state) {
                                    if (by_request) {
                                        state.request(1);
                                        state.request(2);
                                    } else {
                                        state.schedule(state.halves[0]);
                                        state.schedule(state.halves[1]);
                                    }
                                });
                                return explore(program, options);
                            },
                            variant.bounds});
        }
    }
    for (const Point point : {Point::nowhere, Point::after_prepare, Point::after_prepare_twice}) {
        const char* where = point == Point::nowhere         ? "outer loop"
                            : point == Point::after_prepare ? "poll() between prepare and sleep"
                                                            : "poll() twice between prepare and sleep (contracts M3)";
        list.push_back({std::string(where) + ", a timer that another thread arms",
                        [point](const Options& options) {
                            using State = Nested<Form>;
                            Program<State> program;
                            program.thread("loop", [point](State& state) {
                                state.arm_in_callbacks();
                                state.iterate(point, Outer::usual, 2);
                            });
                            program.thread("producer", [](State& state) { state.schedule(state.halves[0]); });
                            return explore(program, options);
                        },
                        {4, 3, 1}});
    }
    list.push_back({"M3: a bottom half arms a timer in poll() between prepare and sleep, and poll() runs again",
                    [](const Options& options) {
                        using State = Nested<Form>;
                        Program<State> program;
                        program.thread("loop", [](State& state) {
                            state.arm_in_callbacks();
                            static_cast<void>(state.prepare());
                            state.schedule(state.halves[0]);
                            state.poll(sync::MaySleep::no);
                            state.poll(sync::MaySleep::no);
                            state.outer_wait();
                            static_cast<void>(state.check());
                            state.dispatch();
                            assert_that(state.prepare() || state.has_timer(), "the outer loop knows of the timer");
                        });
                        return explore(program, options);
                    },
                    no_bounds});
    list.push_back({"M7: a bottom half schedules another in poll() between prepare and sleep",
                    [](const Options& options) {
                        using State = Nested<Form>;
                        Program<State> program;
                        program.thread("loop", [](State& state) {
                            state.chain();
                            static_cast<void>(state.prepare());
                            state.schedule(state.halves[0]);
                            state.poll(sync::MaySleep::no);
                            state.outer_wait();
                            static_cast<void>(state.check());
                            state.dispatch();
                            assert_that(state.halves[1].runs == 1, "what is left wakes the outer loop");
                        });
                        return explore(program, options);
                    },
                    no_bounds});
    list.push_back({"a blocking poll() between prepare and sleep",
                    [](const Options& options) {
                        using State = Nested<Form>;
                        Program<State> program;
                        program.thread("loop", [](State& state) {
                            if (!state.prepare()) {
                                while (state.done() == 0) {
                                    state.poll(sync::MaySleep::yes);
                                }
                                if (state.done() < 2) {
                                    state.outer_wait();
                                }
                            }
                            state.iterate(Point::nowhere, Outer::usual, 2);
                        });
                        program.thread("producer", [](State& state) {
                            state.schedule(state.halves[0]);
                            state.schedule(state.halves[1]);
                        });
                        return explore(program, options);
                    },
                    {3, 2, 1}});
    return list;
}

}  // namespace nestling::model
