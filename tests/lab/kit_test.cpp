// SPDX-License-Identifier: MIT
#include <nestling-lab/kit.hpp>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <string>

#include "planted/planted.hpp"
#include "support/testing.hpp"

using namespace nestling::lab;
using namespace nestling::testing;

TEST_CASE("the kit has the cases 1 to 23, each with a reason", "[lab][kit]") {
    REQUIRE(cases().size() == 23);
    unsigned number = 0;
    for (const Case& promise : cases()) {
        CHECK(promise.number == ++number);
        CHECK_FALSE(std::string(promise.name).empty());
        CHECK_FALSE(std::string(promise.why).empty());
    }
}

TEST_CASE("a source that keeps its promises passes", "[lab][kit]") {
    for (const Subject& subject : {planted_queue(0), planted_reader(0)}) {
        const Report report = check_source(subject);
        INFO(report.text());
        CHECK(report.passed());
        CHECK(report.results.size() == 24);
    }
}

TEST_CASE("together the two sources are asked everything", "[lab][kit]") {
    const Report queue = check_source(planted_queue(0));
    const Report reader = check_source(planted_reader(0));
    for (std::size_t at = 0; at != queue.results.size(); ++at) {
        INFO(queue.results[at].promise.name);
        CHECK((queue.results[at].outcome == Outcome::passed || reader.results[at].outcome == Outcome::passed));
    }
}

TEST_CASE("each planted bug fails its case, and no other", "[lab][kit]") {
    const unsigned broken = GENERATE(range(1U, 24U));
    const Report report = check_source(planted_subject(broken));
    INFO(report.text());
    for (const CaseResult& result : report.results) {
        INFO("case " << result.promise.number);
        CHECK((result.outcome == Outcome::failed) == (result.promise.number == broken));
    }
    REQUIRE(report.results.size() == 24);
    CHECK_FALSE(report.results[broken].words.empty());
}

TEST_CASE("a factory without a source, and one whose source is not stimulated, are told so", "[lab][kit]") {
    const Report none = check_source([] { return static_cast<GSource*>(nullptr); }, {});
    REQUIRE(none.results.size() == 1);
    CHECK(none.results[0].words == "the factory returned no source");
    CHECK_FALSE(none.passed());
    Subject silent = planted_queue(0);
    silent.stimulate = [](GSource*) {};
    const Report unanswered = check_source(silent);
    REQUIRE(unanswered.results.size() == 1);
    CHECK(unanswered.results[0].words.find("not dispatched") != std::string::npos);
}

TEST_CASE("a source whose only event comes at once is seen to deliver it", "[lab][kit]") {
    Subject idle;
    idle.name = "idle";
    idle.traits = Traits::one_shot | Traits::repeats;
    idle.make = [] {
        GSource* source = g_idle_source_new();
        const GSourceFunc callback = [](gpointer) -> gboolean {
            delivered();
            return G_SOURCE_REMOVE;
        };
        g_source_set_callback(source, callback, nullptr, nullptr);
        return source;
    };
    const Report report = check_source(idle);
    INFO(report.text());
    CHECK(report.results.size() == 24);
    CHECK(report.passed());
}

TEST_CASE("a source that belongs to an adapter is ended by the adapter", "[lab][kit]") {
    Subject owned = planted_queue(0);
    int ended = 0;
    owned.destroy = [&ended](GSource* source) {
        ++ended;
        g_source_destroy(source);
    };
    const auto number = GENERATE(10U, 11U, 12U, 20U);
    const CaseResult result = check_case(owned, number);
    INFO(result.words);
    CHECK(result.outcome == Outcome::passed);
    CHECK(ended > 1);
}

TEST_CASE("a source that its adapter does not end is said to live on", "[lab][kit]") {
    Subject owned = planted_queue(0);
    owned.destroy = [](GSource*) {};
    CHECK(check_case(owned, GENERATE(10U, 11U, 12U)).outcome == Outcome::failed);
}

namespace {

/// Its time is that of the wall clock.
struct WallTimer {
    GSource base;
    gint64 due;
};

gint64 rest_of(GSource* source) {
    const gint64 due = reinterpret_cast<WallTimer*>(source)->due;
    return due == 0 ? G_MAXINT : std::max<gint64>(due - g_get_real_time(), 0);
}

GSourceFuncs wall_timer_functions{[](GSource* source, gint* timeout) -> gboolean {
                                      const gint64 rest = rest_of(source);
                                      *timeout = rest == G_MAXINT ? -1 : static_cast<gint>((rest + 999) / 1000);
                                      return rest == 0;
                                  },
                                  [](GSource* source) -> gboolean { return rest_of(source) == 0; },
                                  [](GSource* source, GSourceFunc, gpointer) -> gboolean {
                                      if (rest_of(source) == 0) {
                                          reinterpret_cast<WallTimer*>(source)->due = 0;
                                          delivered();
                                      }
                                      return G_SOURCE_CONTINUE;
                                  },
                                  nullptr,
                                  nullptr,
                                  nullptr};

}  // namespace

TEST_CASE("a timer by the wall clock has the lab's time too", "[lab][kit][time]") {
    Subject timer;
    timer.name = "wall timer";
    timer.make = [] { return g_source_new(&wall_timer_functions, sizeof(WallTimer)); };
    timer.arm = [](GSource* source, std::chrono::nanoseconds time) {
        reinterpret_cast<WallTimer*>(source)->due = g_get_real_time() + (time.count() + 999) / 1000;
    };
    timer.stimulate = [&timer](GSource* source) { timer.arm(source, std::chrono::milliseconds(5)); };
    for (const unsigned number : {0U, 7U, 8U, 9U}) {
        const CaseResult result = check_case(timer, number);
        INFO("case " << number << ": " << result.words << "\n" << result.trace);
        CHECK(result.outcome == Outcome::passed);
    }
}

TEST_CASE("there is no case 24", "[lab][kit]") {
    CHECK_THROWS_AS(check_case(planted_queue(0), 24), std::out_of_range);
}
