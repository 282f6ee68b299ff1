#include <nestling-lab/catch2.hpp>
#include <nestling-lab/kit.hpp>

#include "ticker.hpp"

using namespace nestling::lab;
using namespace nestling::lab::catch2;
using namespace std::chrono_literals;

namespace {

GSource* ticker_of(gint64 period) {
    GSource* source = ticker_new(period);
    g_source_set_callback(
        source,
        [](gpointer) -> gboolean {
            delivered();
            return G_SOURCE_CONTINUE;
        },
        nullptr, nullptr);
    return source;
}

}  // namespace

TEST_CASE("it ticks all day, on time, and sleeps in between") {
    Lab lab;
    SourceRecord& ticker = lab.take(ticker_of(2'500'000));
    lab.run_for(24h);
    CHECK(ticker.dispatched == 34'560);
    REQUIRE_THAT(lab, that(fired_every(ticker, 2500ms)) && that(never_spun()));
}

TEST_CASE("it ticks 400 times a second, and sleeps in between") {
    Lab lab;
    SourceRecord& ticker = lab.take(ticker_of(2'500));
    lab.run_for(1s);
    REQUIRE_THAT(lab, that(fired_every(ticker, 2500us, 1ms)) && that(never_spun()));
}

TEST_CASE("it keeps the promises of a source") {
    Subject subject;
    subject.name = "ticker";
    subject.make = [] { return ticker_of(2'500); };
    subject.traits = Traits::repeats;
    const Report report = check_source(subject);
    INFO(report.text());
    CHECK(report.passed());
}
