// SPDX-License-Identifier: MIT
// Cases 13, 14 and 22: other iterations, and other threads.
#include <nestling-lab/assertions.hpp>

#include "kit/trial.hpp"
#include "stage/stage.hpp"

namespace nestling::lab::kit {

void nested_iteration(const Bench& bench) {
    needs_reports(bench);
    not_for(bench, Traits::one_shot, "it is removed after its first event");
    Trial trial(bench);
    const std::uint64_t before = trial.deliveries();
    trial.in_callback([&] {
        trial.stimulate();
        trial.look();
    });
    trial.stimulate();
    trial.expect_delivered(before, 2, "around an iteration inside the callback");
    trial.expect_no_criticals();
}

void iteration_by_another_thread(const Bench& bench) {
    Trial trial(bench);
    const std::uint64_t before = trial.deliveries();
    trial.stimulate();
    trial.lab().on_owner_thread([&] {
        constexpr int iterations = 3;
        for (int iteration = 0; iteration != iterations; ++iteration) {
            g_main_context_iteration(trial.lab().context(), FALSE);
        }
    });
    trial.expect_delivered(before, 1, "after another thread iterated the context");
}

void wake_storm(const Bench& bench) {
    if (!has(bench.subject.traits, Traits::posts)) {
        not_applicable("to stimulate it is not to post");
    }
    Trial trial(bench);
    if (!trial.lab().counts_calls()) {
        not_applicable("wake-ups are not counted here");
    }
    std::uint64_t writes = 0;
    trial.lab().before(Phase::poll, [&] {
        trial.lab().on_thread([&] {
            const Counts begin = stage::counts();
            constexpr int posts = 100;
            for (int post = 0; post != posts; ++post) {
                trial.stimulate();
            }
            writes = stage::counts().since(begin).of(Call::write);
        });
    });
    trial.look();
    trial.expect(writes <= 1,
                 "a hundred posts while the loop slept once wrote " + std::to_string(writes) + " wake-ups");
    trial.expect(never_overslept()(trial.lab()).holds, "a post between prepare and poll wakes nobody");
}

}  // namespace nestling::lab::kit
