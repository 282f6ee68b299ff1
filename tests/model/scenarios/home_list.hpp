// SPDX-License-Identifier: MIT
#pragma once

#include <array>

#include "model/scenarios/scenario_list.hpp"
#include "sync/home_thread.hpp"

namespace nestling::model {

template <class Form>
struct HomeRoom {
    std::array<typename LoopWorld<Form>::List::Room, 2> room;
};

/// A loop whose own thread schedules without locked instructions, while others do it with them.
template <class Form>
struct HomeListing : HomeRoom<Form>, LoopWorld<Form> {
    using World = LoopWorld<Form>;
    using typename World::Half;

    HomeListing() : World(Reported::edge, this->room.data(), 2) {
        this->callback = [](World& world, Half&) {
            auto& self = static_cast<HomeListing&>(world);
            self.seen = self.data.load(std::memory_order_relaxed);
        };
    }

    void until(const Half& half) {
        while (half.runs == 0) {
            this->poll(sync::MaySleep::yes);
        }
    }
    void until_freed(const Half& half) {
        while (!half.is_freed) {
            this->poll(sync::MaySleep::yes);
        }
    }
    [[nodiscard]] bool ran_in_order(const Half& earlier, const Half& later) const {
        return this->ran == 2 && this->order[0] == &earlier && this->order[1] == &later;
    }

    Half first;
    Half second;
    Half third;
    ModelAtomics::Atomic<int> data{0};
    ModelAtomics::Atomic<bool> told{false};
    Event go;
    sync::HomeThread<ModelAtomics> home;
    int seen = 0;
};

/// The home thread and another one.
template <class Form>
std::vector<NamedScenario> home_and_other_scenarios() {
    using State = HomeListing<Form>;
    std::vector<NamedScenario> list;
    const auto add = [&list](const char* name, Bounds bounds, void (*loop)(State&), void (*other)(State&)) {
        list.push_back({name,
                        [loop, other](const Options& options) {
                            Program<State> program;
                            program.thread("loop", loop).thread("other", other);
                            program.at_end([](State& state) {
                                assert_that(state.first.runs <= 2, "a bottom half runs at most once for each schedule");
                            });
                            return explore(program, options);
                        },
                        bounds});
    };
    add(
        "the home thread lists what another thread schedules too", {4, 3, 1},
        [](State& state) {
            state.schedule_at_home(state.first);
            while (state.seen == 0) {
                state.poll(sync::MaySleep::yes);
            }
        },
        [](State& state) {
            state.data.store(1, std::memory_order_relaxed);
            state.schedule(state.first);
        });
    add(
        "listed at home, and cancelled and scheduled by another thread", {4, 3, 1},
        [](State& state) {
            state.schedule_at_home(state.first);
            while (state.seen == 0) {
                state.poll(sync::MaySleep::yes);
            }
        },
        [](State& state) {
            state.first.state.cancel();
            state.data.store(1, std::memory_order_relaxed);
            state.schedule(state.first);
        });
    add(
        "listed at home again after another thread cancelled it", {4, 3, 1},
        [](State& state) {
            state.schedule_at_home(state.first);
            state.poll(sync::MaySleep::no);
            state.schedule_at_home(state.first);
            const int before = state.first.runs;
            state.schedule_at_home(state.second);
            state.until(state.second);
            if (state.told.load(std::memory_order_acquire) && state.first.runs == before) {
                state.schedule_at_home(state.first);
                state.poll(sync::MaySleep::yes);
                assert_that(state.first.runs == before + 1, "a cancel takes back only what was scheduled before it");
            }
        },
        [](State& state) {
            state.first.state.cancel();
            state.told.store(true, std::memory_order_release);
        });
    add(
        "listed at home, and deleted by another thread", {4, 3, 1},
        [](State& state) {
            state.schedule_at_home(state.first);
            state.schedule_at_home(state.second);
            state.go.set();
            state.until_freed(state.first);
            state.until(state.second);
        },
        [](State& state) {
            state.go.wait();
            state.remove(state.first);
        });
    add(
        "another thread schedules after the home thread listed", {4, 3, 1},
        [](State& state) {
            state.schedule_at_home(state.first);
            state.go.set();
            state.until(state.second);
            assert_that(state.ran_in_order(state.first, state.second), "in the order in which they were scheduled");
        },
        [](State& state) {
            state.go.wait();
            state.schedule(state.second);
        });
    add(
        "the home thread lists after another thread scheduled", {4, 3, 1},
        [](State& state) {
            const bool told = state.told.load(std::memory_order_acquire);
            state.schedule_at_home(state.first);
            state.schedule_at_home(state.third);
            state.until(state.second);
            state.until(state.first);
            assert_that(!told || state.order[0] == &state.second, "in the order in which they were scheduled");
        },
        [](State& state) {
            state.schedule(state.second);
            state.told.store(true, std::memory_order_release);
        });
    add(
        "a context is handed over with something listed", no_bounds,
        [](State& state) {
            state.home.adopt(1);
            state.schedule_at_home(state.first);
            state.home.release();
            state.go.set();
        },
        [](State& state) {
            state.go.wait();
            if (state.home.adopt(2)) {
                state.poll(sync::MaySleep::no);
                assert_that(state.first.runs == 1, "what was listed runs");
            }
        });
    return list;
}

/// A signal handler that lists, at any point of its thread.
template <class Form>
std::vector<NamedScenario> home_signal_scenarios() {
    using State = HomeListing<Form>;
    std::vector<NamedScenario> list;
    const auto add = [&list](const char* name, void (*loop)(State&), void (*handler)(State&)) {
        list.push_back({name,
                        [loop, handler](const Options& options) {
                            Program<State> program;
                            program.thread("loop", loop).signal_handler(handler);
                            return explore(program, options);
                        },
                        no_bounds});
    };
    const auto list_first = [](State& state) { state.schedule_at_home(state.first); };
    add(
        "a signal handler lists on the home thread", [](State& state) { state.until(state.first); }, list_first);
    add(
        "a signal handler lists while the home thread lists another",
        [](State& state) {
            state.schedule_at_home(state.second);
            state.until(state.first);
            state.until(state.second);
            assert_that(state.first.runs == 1 && state.second.runs == 1, "each runs once");
        },
        list_first);
    add(
        "a signal handler lists what the home thread lists",
        [](State& state) {
            state.schedule_at_home(state.first);
            state.until(state.first);
            state.poll(sync::MaySleep::no);
            assert_that(state.first.runs <= 2, "at most once for each schedule");
        },
        list_first);
    add(
        "a signal handler lists what the home thread cancels",
        [](State& state) {
            state.schedule_at_home(state.first);
            state.first.state.cancel_at_home();
            state.schedule_at_home(state.second);
            state.until(state.second);
        },
        list_first);
    add(
        "a signal handler lists more than there is room for",
        [](State& state) {
            state.schedule_at_home(state.second);
            state.schedule_at_home(state.third);
            state.until(state.first);
            state.until(state.third);
            assert_that(state.second.runs == 1 && state.third.runs == 1, "each runs once");
        },
        list_first);
    add(
        "a signal handler lists on the thread of an outer loop, with poll() between prepare and sleep",
        [](State& state) {
            while (state.first.runs == 0) {
                const bool ready = state.prepare();
                state.poll(sync::MaySleep::no);
                if (!ready && state.first.runs == 0) {
                    state.outer_wait();
                }
                static_cast<void>(state.check());
                state.dispatch();
            }
        },
        list_first);
    return list;
}

template <class Form>
std::vector<NamedScenario> home_list_scenarios() {
    std::vector<NamedScenario> list = home_and_other_scenarios<Form>();
    for (NamedScenario& scenario : home_signal_scenarios<Form>()) {
        list.push_back(std::move(scenario));
    }
    return list;
}

}  // namespace nestling::model
