// SPDX-License-Identifier: MIT
// Cases 0 to 7: the order in which GLib calls, which is not always prepare, check, dispatch.
#include "kit/trial.hpp"

namespace nestling::lab::kit {

using namespace std::chrono_literals;

void stimulus_is_answered(const Bench& bench) {
    Trial trial(bench);
    const std::uint64_t before = trial.deliveries();
    trial.stimulate();
    trial.expect(trial.await(before + 1), "the source was not dispatched within two seconds of the stimulus");
}

void prepare_twice(const Bench& bench) {
    Trial trial(bench);
    Lab& lab = trial.lab();
    for (int round = 0; round != 2; ++round) {
        const std::uint64_t before = trial.deliveries();
        if (round == 1) {
            if (trial.is(Traits::one_shot)) {
                return;
            }
            trial.stimulate();
        }
        for (int repeat = 0; repeat != 2; ++repeat) {
            lab.prepare();
            lab.query();
        }
        if (round == 0) {
            trial.stimulate();
        }
        lab.poll();
        lab.check();
        lab.dispatch();
        trial.expect_delivered(before, 1, "after prepare was called twice");
    }
}

void prepare_without_check(const Bench& bench) {
    Trial trial(bench);
    Lab& lab = trial.lab();
    const std::uint64_t before = trial.deliveries();
    constexpr int skipped = 5;
    for (int repeat = 0; repeat != skipped; ++repeat) {
        lab.prepare();
        lab.query();
    }
    trial.stimulate();
    trial.expect_delivered(before, 1, "after iterations without check");
}

void check_without_prepare(const Bench& bench) {
    Trial trial(bench, Trial::Begin::apart);
    // Later a new descriptor would keep GLib from calling any check at all.
    trial.lab().before(Phase::query, [&] {
        trial.lab().adopt(trial.source());
        trial.stimulate();
    });
    trial.look();
    trial.attach();
    if (trial.deliveries() == 0) {
        trial.expect_delivered(0, 1, "after check was called before the first prepare");
    }
}

void dispatch_with_nothing_to_do(const Bench& bench) {
    not_for(bench, Traits::one_shot, "its dispatch removes it");
    Trial trial(bench);
    GSource* source = trial.source();
    GSourceFunc callback = nullptr;
    gpointer data = nullptr;
    if (source->callback_funcs != nullptr) {
        source->callback_funcs->get(source->callback_data, source, &callback, &data);
    }
    const auto begin = trial.lab().now();
    const gboolean stays = source->source_funcs->dispatch(source, callback, data);
    trial.expect(stays != FALSE, "a dispatch with nothing to do removes the source");
    const std::chrono::nanoseconds tolerance = trial.lab().has_virtual_time() ? 0ns : std::chrono::nanoseconds(50ms);
    trial.expect(trial.lab().now() - begin <= tolerance, "a dispatch with nothing to do blocks");
}

void sticky_ready(const Bench& bench) {
    Trial trial(bench);
    const std::uint64_t before = trial.deliveries();
    trial.stimulate();
    constexpr int most_looks = 20;
    for (int look = 0; !trial.lab().pending(); ++look) {
        if (look == most_looks) {
            not_applicable("g_main_context_pending() never says that it is ready");
        }
        trial.lab().advance(100ms);
    }
    trial.lab().pending();
    trial.lab().advance(1ms);
    trial.expect_delivered(before, 1, "after g_main_context_pending()");
}

void stale_revents(const Bench& bench) {
    needs_reports(bench);
    not_for(bench, Traits::one_shot, "it is removed after its first event");
    not_for(bench, Traits::repeats, "it delivers without a stimulus");
    Trial trial(bench);
    trial.stimulate();
    trial.expect(trial.await(1), "the source was not dispatched");
    // Now its record says that it was ready. A rival of higher priority is polled alone, and goes before the check.
    Rival rival(trial, g_source_get_priority(trial.source()) - 10);
    trial.look();
    const std::uint64_t before = trial.deliveries();
    trial.lab().before(Phase::check, [&] { rival.end(); });
    trial.look();
    trial.expect(trial.deliveries() == before, "the callback was called because of an event that was over");
}

void starvation(const Bench& bench) {
    Trial trial(bench);
    const std::uint64_t before = trial.deliveries();
    {
        const Rival rival(trial, g_source_get_priority(trial.source()) - 10);
        trial.stimulate();
        constexpr int steps = 10;
        for (int step = 0; step != steps; ++step) {
            trial.lab().advance(1ms);
            trial.look();
        }
        trial.expect(trial.deliveries() == before, "it is dispatched before a source of higher priority");
    }
    trial.expect_delivered(before, 1, "after it was starved");
}

}  // namespace nestling::lab::kit
