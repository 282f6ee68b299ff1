// SPDX-License-Identifier: MIT
#include <nestling-lab/catch2.hpp>
#include <nestling-lab/lab.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "support/testing.hpp"

using namespace nestling::lab;
using namespace nestling::lab::catch2;
using namespace std::chrono_literals;

namespace {

gboolean stay(gpointer) {
    return G_SOURCE_CONTINUE;
}

gboolean go(gpointer) {
    return G_SOURCE_REMOVE;
}

GSource* idle_of(GSourceFunc callback, const char* name, int priority = G_PRIORITY_DEFAULT) {
    GSource* source = g_idle_source_new();
    g_source_set_callback(source, callback, nullptr, nullptr);
    g_source_set_static_name(source, name);
    g_source_set_priority(source, priority);
    return source;
}

}  // namespace

TEST_CASE("a step tells who was asked and who was dispatched, in their order", "[lab][trace]") {
    Lab lab;
    const SourceRecord& late = lab.take(idle_of(go, "late", G_PRIORITY_DEFAULT));
    const SourceRecord& early = lab.take(idle_of(go, "early", G_PRIORITY_HIGH));
    const Step& first = lab.step();
    CHECK(first.dispatch_order() == std::vector<unsigned>{early.number});
    CHECK_FALSE(first.prepared(late));
    CHECK(first.timeout == 0);
    const Step& second = lab.step();
    CHECK(second.dispatch_order() == std::vector<unsigned>{late.number});
    CHECK(early.finalized.load());
}

TEST_CASE("sources that others attach are found", "[lab][trace]") {
    Lab lab;
    GSource* source = idle_of(go, "foreign");
    g_source_attach(source, lab.context());
    g_source_unref(source);
    lab.step();
    REQUIRE(lab.sources().size() == 1);
    CHECK(lab.sources()[0]->name == "foreign");
    CHECK(lab.sources()[0]->dispatched == 1);
}

namespace {

/// As GClosures are: the callback is found by the source's kind, which its table tells.
void get_callback(gpointer kind, GSource* source, GSourceFunc* callback, gpointer* data) {
    *callback = source->source_funcs == kind ? stay : nullptr;
    *data = nullptr;
}

void count_reference(gpointer) {}

}  // namespace

TEST_CASE("a callback that is found by the kind of its source is called", "[lab][trace]") {
    Lab lab;
    GSource* source = g_idle_source_new();
    GSourceCallbackFuncs functions{count_reference, count_reference, get_callback};
    g_source_set_callback_indirect(source, const_cast<GSourceFuncs*>(source->source_funcs), &functions);
    const SourceRecord& record = lab.take(source);
    lab.step();
    // Without its callback an idle source is removed.
    lab.step();
    CHECK(record.dispatched == 2);
    CHECK_FALSE(record.finalized.load());
}

TEST_CASE("the timeline reads from top to bottom", "[lab][trace]") {
    Lab lab;
    const int fd = lab.fake_fd();
    lab.take(idle_of(go, "once"));
    lab.step();
    CHECK(lab.timeline() ==
          "step 1  at 0 ms  polls for 0 ms, does not sleep\n"
          "  attach    once#1\n"
          "  prepare   once#1  ready\n"
          "  poll      wake-up  IN -> -\n"
          "  dispatch  once#1  at 0 ms\n"
          "            once#1  is removed\n"
          "  finalize  once#1\n");
    static_cast<void>(fd);
}

TEST_CASE("a nested iteration is indented", "[lab][trace]") {
    Lab lab;
    GSource* source = g_idle_source_new();
    g_source_set_callback(
        source,
        [](gpointer data) -> gboolean {
            static_cast<Lab*>(data)->step();
            return G_SOURCE_REMOVE;
        },
        &lab, nullptr);
    g_source_set_static_name(source, "outer");
    lab.take(source);
    const SourceRecord& inner = lab.take(idle_of(go, "inner", G_PRIORITY_DEFAULT_IDLE));
    lab.step();
    const std::vector<const Step*> steps = lab.steps();
    REQUIRE(steps.size() == 2);
    CHECK(steps[0]->depth == 0);
    CHECK(steps[1]->depth == 1);
    CHECK(steps[1]->dispatched(inner));
    CHECK(lab.timeline().find("\n    step 2") != std::string::npos);
}

TEST_CASE("a step is kept while more happen inside it than are kept", "[lab][trace]") {
    LabOptions options;
    options.steps_kept = 3;
    Lab lab(options);
    GSource* source = g_idle_source_new();
    g_source_set_callback(
        source,
        [](gpointer data) -> gboolean {
            for (int step = 0; step != 10; ++step) {
                static_cast<Lab*>(data)->step();
            }
            return G_SOURCE_REMOVE;
        },
        &lab, nullptr);
    const SourceRecord& outer = lab.take(source);
    const Step& step = lab.step();
    CHECK(step.number == 1);
    CHECK(step.depth == 0);
    CHECK(step.dispatch_order() == std::vector<unsigned>{outer.number});
    CHECK(lab.steps_made() == 11);
    CHECK(lab.steps().size() == 3);
}

TEST_CASE("only the last steps are kept", "[lab][trace]") {
    LabOptions options;
    options.steps_kept = 3;
    Lab lab(options);
    for (int step = 0; step != 10; ++step) {
        lab.step();
    }
    CHECK(lab.steps().size() == 3);
    CHECK(lab.steps().back()->number == 10);
    CHECK(lab.steps_made() == 10);
}

TEST_CASE("the trace is JSON", "[lab][trace][json]") {
    Lab lab;
    lab.take(idle_of(go, "quo\"te\n"));
    lab.step();
    const std::string json = lab.json();
    CHECK(json.find(R"("name":"quo\"te\u000a")") != std::string::npos);
    CHECK(json.find(R"("what":"dispatch","source":1)") != std::string::npos);
    CHECK(json.front() == '{');
    CHECK(json.back() == '}');
}

TEST_CASE("wake-ups are counted, of all threads", "[lab][trace][threads]") {
    Lab lab;
    lab.on_thread([&] { g_main_context_wakeup(lab.context()); });
    const Step& step = lab.step();
    CHECK(step.slept == 0ns);
    CHECK_FALSE(step.would_sleep);
    CHECK(lab.wakeups() == 1);
    CHECK(lab.step().would_sleep);
    lab.before(Phase::poll, [&] {
        lab.on_thread([&] {
            g_main_context_wakeup(lab.context());
            g_main_context_wakeup(lab.context());
        });
    });
    CHECK(lab.step().wakeups == 2);
    CHECK_FALSE(one_wakeup_per_step()(lab));
}

TEST_CASE("another thread can iterate, and can drop the last reference", "[lab][threads]") {
    Lab lab;
    SourceRecord& source = lab.take(idle_of(go, "elsewhere"));
    lab.on_owner_thread([&] { g_main_context_iteration(lab.context(), FALSE); });
    CHECK(source.dispatched == 1);
    GSource* other = idle_of(stay, "other");
    SourceRecord& record = lab.adopt(other);
    g_source_destroy(other);
    lab.on_thread([&] { g_source_unref(other); });
    CHECK(record.finalized.load());
    lab.step();
    CHECK(lab.timeline(1).find("finalize  other#2") != std::string::npos);
}

TEST_CASE("what is left behind is named", "[lab][leftovers]") {
    Lab lab;
    CHECK(left_nothing()(lab).holds);
    GSource* source = idle_of(stay, "forgotten");
    lab.adopt(source);
    const int fd = open("/dev/null", O_RDONLY);
    GMainContext* context = g_main_context_new();
    g_main_context_push_thread_default(context);
    const Leftovers left = lab.leftovers();
    CHECK(left.sources == std::vector<std::string>{"forgotten#1"});
    CHECK(std::find(left.fds.begin(), left.fds.end(), fd) != left.fds.end());
    CHECK(left.thread_defaults == 1);
    const Verdict verdict = left_nothing()(lab);
    CHECK_FALSE(verdict.holds);
    CHECK(verdict.message.find("source forgotten#1") != std::string::npos);
    g_main_context_pop_thread_default(context);
    g_main_context_unref(context);
    close(fd);
    g_source_destroy(source);
    g_source_unref(source);
    CHECK(left_nothing()(lab).holds);
}

TEST_CASE("a loop that spins is noticed", "[lab][assertions]") {
    Lab lab;
    static GSourceFuncs spinning{[](GSource*, gint* timeout) -> gboolean {
                                     *timeout = 0;
                                     return FALSE;
                                 },
                                 nullptr,
                                 [](GSource*, GSourceFunc, gpointer) -> gboolean { return G_SOURCE_CONTINUE; },
                                 nullptr,
                                 nullptr,
                                 nullptr};
    lab.take(g_source_new(&spinning, sizeof(GSource)));
    for (int step = 0; step != 5; ++step) {
        lab.step();
    }
    CHECK(lab.longest_spin() == 5);
    CHECK_FALSE(never_spun(3)(lab).holds);
    CHECK(never_spun(3)(lab).message.find("5 iterations") == 0);
}

TEST_CASE("a wake-up that is lost is noticed", "[lab][assertions]") {
    static std::atomic<bool> is_posted;
    static GSourceFuncs mailbox{[](GSource*, gint* timeout) -> gboolean {
                                    *timeout = -1;
                                    return is_posted.load() ? TRUE : FALSE;
                                },
                                [](GSource*) -> gboolean { return is_posted.load() ? TRUE : FALSE; },
                                [](GSource*, GSourceFunc, gpointer) -> gboolean {
                                    is_posted.store(false);
                                    return G_SOURCE_CONTINUE;
                                },
                                nullptr,
                                nullptr,
                                nullptr};
    Lab lab;
    const SourceRecord& source = lab.take(g_source_new(&mailbox, sizeof(GSource)));
    lab.before(Phase::poll, [&] {
        lab.on_thread([&] {
            is_posted.store(true);
            g_main_context_wakeup(lab.context());
        });
    });
    lab.step();
    REQUIRE_THAT(lab, that(dispatched_once(source)) && that(never_overslept()));
    lab.before(Phase::poll, [&] { lab.on_thread([] { is_posted.store(true); }); });
    lab.step();
    const Verdict verdict = never_overslept()(lab);
    CHECK_FALSE(verdict.holds);
    CHECK(verdict.message.find("step 2 had something to dispatch, and nobody woke its poll") == 0);
}

TEST_CASE("allocations of a step are counted where the allocator can be", "[lab][assertions]") {
    Lab lab;
    if (!lab.counts_allocations()) {
        WARN("allocations are not counted in this build");
        return;
    }
    GSource* source = g_idle_source_new();
    g_source_set_callback(
        source,
        [](gpointer) -> gboolean {
            for (int round = 0; round != 100; ++round) {
                g_free(g_malloc(16));
            }
            return G_SOURCE_REMOVE;
        },
        nullptr, nullptr);
    lab.take(source);
    const std::uint64_t with = lab.step().counts.allocations;
    const std::uint64_t without = lab.step().counts.allocations;
    CHECK(with >= 100);
    CHECK(without < 20);
    CHECK_FALSE(at_most_allocations_per_step(50)(lab).holds);
}

TEST_CASE("a record and its source find each other", "[lab][sources]") {
    Lab lab;
    GSource* source = idle_of(stay, "known");
    CHECK(lab.find(source) == nullptr);
    SourceRecord& record = lab.adopt(source);
    CHECK(lab.find(source) == &record);
    CHECK(&lab.adopt(source) == &record);
    CHECK(record.label() == "known#1");
    g_source_destroy(source);
    g_source_unref(source);
    CHECK(record.finalized.load());
}
