// SPDX-License-Identifier: MIT
// How many executions the explorer does in a second of processor time: two threads, ten steps each.
#include <cstdio>
#include <ctime>

#include "model/explorer/explore.hpp"

namespace {

using namespace nestling::model;

struct State {
    ModelAtomics::Atomic<int> left{0};
    ModelAtomics::Atomic<int> right{0};

    static void run(ModelAtomics::Atomic<int>& own, ModelAtomics::Atomic<int>& other) {
        for (int i = 1; i <= 5; ++i) {
            own.store(i, std::memory_order_release);
            other.load(std::memory_order_acquire);
        }
    }
};

void measure(const char* name, Pruning pruning) {
    Program<State> program;
    program.thread("left", [](State& state) { State::run(state.left, state.right); });
    program.thread("right", [](State& state) { State::run(state.right, state.left); });
    Options options;
    options.bounds = {3, 2, 0};
    options.pruning = pruning;
    const std::clock_t begin = std::clock();
    const Result result = explore(program, options);
    const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    std::printf("%-28s %9llu executions, %10llu steps in %.2f s: %.0f executions/s, %.1f million steps/s\n", name,
                static_cast<unsigned long long>(result.executions), static_cast<unsigned long long>(result.steps),
                seconds, static_cast<double>(result.executions) / seconds,
                static_cast<double>(result.steps) / seconds / 1e6);
}

}  // namespace

int main() {
    measure("every execution to its end", Pruning::none);
    measure("given up at known states", Pruning::seen_states);
}
