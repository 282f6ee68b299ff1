// SPDX-License-Identifier: MIT
#pragma once

#include "model/scenarios/scenario_list.hpp"
#include "sync/home_thread.hpp"
#include "sync/outer_attachment.hpp"

namespace nestling::model {

/// A context that goes from one home thread to the next, with what the first has written.
template <class Orders>
struct HandOver {
    sync::HomeThread<ModelAtomics, Orders> home;
    ModelAtomics::Plain<int> belongings{0};
    int owners = 0;

    HandOver() { home.adopt(1); }
    void give() {
        belongings.store(1);
        home.release();
    }
    void take(std::uintptr_t thread) {
        if (home.adopt(thread)) {
            ++owners;
            assert_that(home.is(thread), "whoever has adopted a context is its home thread");
            belongings.store(belongings.load() + 1);
        }
    }
};

/// An outer loop that goes, on a thread that is not the home thread, while another comes and the home thread iterates.
template <class Orders>
struct Reattachment {
    sync::OuterAttachment<ModelAtomics, Orders> attachment;
    ModelAtomics::Plain<int> told{0};
    ModelAtomics::Atomic<int> attached{0};
    int folded = 0;

    Reattachment() { attachment.attach(); }
    void go() {
        told.store(1);
        attachment.detach();
    }
    void come() {
        if (attachment.attach()) {
            attached.store(1, std::memory_order_relaxed);
            assert_that(told.load() == 1, "the new outer loop sees what the former has done");
        }
    }
    void iterate() {
        if (attachment.fold_detachment()) {
            ++folded;
            assert_that(told.load() == 1, "the home thread sees what the outer loop has done");
        }
    }
};

template <class Home, class Outer>
std::vector<NamedScenario> hand_over_scenarios() {
    std::vector<NamedScenario> list;
    list.push_back({"a context is released, and two threads want to adopt it",
                    [](const Options& options) {
                        using State = HandOver<Home>;
                        Program<State> program;
                        program.thread("home", [](State& state) { state.give(); });
                        program.thread("next home", [](State& state) { state.take(2); });
                        program.thread("another", [](State& state) { state.take(3); });
                        program.at_end([](State& state) { assert_that(state.owners <= 1, "one thread gets it"); });
                        return explore(program, options);
                    },
                    no_bounds});
    list.push_back({"an outer loop goes, another comes, and the home thread iterates twice",
                    [](const Options& options) {
                        using State = Reattachment<Outer>;
                        Program<State> program;
                        program.thread("former outer loop", [](State& state) { state.go(); });
                        program.thread("new outer loop", [](State& state) { state.come(); });
                        program.thread("home", [](State& state) {
                            state.iterate();
                            state.iterate();
                        });
                        program.at_end([](State& state) {
                            state.iterate();
                            assert_that(state.folded == 1, "a detachment is folded in once");
                        });
                        return explore(program, options);
                    },
                    no_bounds});
    return list;
}

}  // namespace nestling::model
