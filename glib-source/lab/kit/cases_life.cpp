// SPDX-License-Identifier: MIT
// Cases 10 to 12 and 19 to 21: how a source begins and ends.
#include <array>
#include <string>

#include "kit/trial.hpp"

namespace nestling::lab::kit {

using namespace std::chrono_literals;

void destroy_in_callback(const Bench& bench) {
    needs_reports(bench);
    Trial trial(bench);
    const std::uint64_t before = trial.deliveries();
    trial.in_callback([&] { trial.destroy(); });
    trial.stimulate();
    if (!trial.is(Traits::one_shot) && !trial.is(Traits::repeats)) {
        trial.stimulate();
    }
    trial.expect(trial.await(before + 1), "the source was not dispatched");
    trial.lab().run_for(trial.a_while() / 10);
    trial.expect(trial.deliveries() == before + 1, "the callback is called after it has destroyed the source");
    trial.drop();
    trial.look();
    trial.expect_finalized(trial.record());
    trial.expect_no_criticals();
}

void destroy_between_phases(const Bench& bench) {
    struct Moment {
        Phase before;
        const char* words;
    };
    constexpr std::array<Moment, 4> moments{
        Moment{Phase::query, "between prepare and query"}, Moment{Phase::poll, "between query and poll"},
        Moment{Phase::check, "between poll and check"}, Moment{Phase::dispatch, "between check and dispatch"}};
    for (const Moment& moment : moments) {
        Trial trial(bench);
        trial.stimulate();
        const std::uint64_t before = trial.deliveries();
        trial.lab().before(moment.before, [&] { trial.destroy(); });
        trial.look();
        trial.expect(trial.deliveries() == before,
                     std::string("it is dispatched after it was destroyed ") + moment.words);
        trial.drop();
        trial.look();
        trial.expect_gone();
        trial.expect_no_criticals();
    }
}

void destroy_on_another_thread(const Bench& bench) {
    Trial trial(bench);
    const std::uint64_t before = trial.deliveries();
    trial.lab().on_thread([&] { trial.drop(); });
    trial.look();
    trial.expect(trial.deliveries() == before, "it is dispatched after it was destroyed by another thread");
    trial.expect_gone();
    trial.expect_no_criticals();
}

void name_and_priority(const Bench& bench) {
    Trial trial(bench, Trial::Begin::apart);
    const char* name = g_source_get_name(trial.source());
    trial.expect(name != nullptr && *name != '\0', "it has no name");
    g_source_set_priority(trial.source(), G_PRIORITY_LOW);
    trial.attach();
    const std::uint64_t before = trial.deliveries();
    {
        const Rival rival(trial, G_PRIORITY_DEFAULT_IDLE);
        trial.stimulate();
        constexpr int steps = 5;
        for (int step = 0; step != steps; ++step) {
            trial.look();
        }
        trial.expect(trial.deliveries() == before, "the priority that it was given does not count");
    }
    trial.expect_delivered(before, 1, "after its priority was changed");
}

void attach_twice(const Bench& bench) {
    Trial trial(bench, Trial::Begin::apart);
    trial.expect(g_source_get_context(trial.source()) == nullptr, "the factory returned a source that is attached");
    trial.attach();
    trial.expect(g_source_attach(trial.source(), trial.lab().context()) == 0, "it can be attached twice");
    const std::uint64_t before = trial.deliveries();
    trial.stimulate();
    trial.expect_delivered(before, 1, "after it was attached twice");
    trial.destroy();
    trial.expect(g_source_attach(trial.source(), trial.lab().context()) == 0, "it can be attached after its end");
}

void context_goes_first(const Bench& bench) {
    Trial trial(bench, Trial::Begin::apart);
    if (g_source_get_context(trial.source()) != nullptr) {
        not_applicable("the factory attached it");
    }
    GMainContext* context = g_main_context_new();
    g_source_attach(trial.source(), context);
    SourceRecord& record = trial.lab().adopt(trial.source());
    g_main_context_iteration(context, FALSE);
    g_main_context_unref(context);
    trial.expect(g_source_is_destroyed(trial.source()) != FALSE, "it is not destroyed with its context");
    trial.drop();
    trial.expect_finalized(record);
    const Leftovers left = trial.lab().leftovers();
    trial.expect(trial.is(Traits::held) || left.fds.empty(), "left behind: " + left.text());
    trial.expect_no_criticals();
}

}  // namespace nestling::lab::kit
