// SPDX-License-Identifier: MIT
// The lab where nothing can stand before the C library: this program has it without the interposed definitions.
#include <nestling-lab/assertions.hpp>
#include <nestling-lab/kit.hpp>
#include <nestling-lab/lab.hpp>

#include "planted/event.hpp"
#include "planted/planted.hpp"
#include "support/testing.hpp"

using namespace nestling::lab;
using namespace nestling::testing;
using namespace std::chrono_literals;

namespace {

/// A source that is dispatched when its descriptor says so.
struct Reader {
    GSource base;
    gpointer tag;
};

GSourceFuncs reader_functions{[](GSource*, gint* timeout) -> gboolean {
                                  *timeout = -1;
                                  return FALSE;
                              },
                              [](GSource* source) -> gboolean {
                                  return seen_of(source, reinterpret_cast<Reader*>(source)->tag) != 0 ? TRUE : FALSE;
                              },
                              [](GSource*, GSourceFunc, gpointer) -> gboolean { return G_SOURCE_CONTINUE; },
                              [](GSource* source) { free_tag(reinterpret_cast<Reader*>(source)->tag); },
                              nullptr,
                              nullptr};

GSource* reader_of(int fd) {
    GSource* source = g_source_new(&reader_functions, sizeof(Reader));
    reinterpret_cast<Reader*>(source)->tag = watch_fd(source, fd);
    return source;
}

}  // namespace

TEST_CASE("the lab says that time is real, and why", "[lab][real]") {
    Lab lab;
    CHECK_FALSE(lab.has_virtual_time());
    CHECK(lab.why_real_time().find("does not stand before the C library") != std::string::npos);
    CHECK_FALSE(lab.counts_calls());
    CHECK_FALSE(lab.counts_allocations());
    const gint64 before = g_get_monotonic_time();
    g_usleep(1000);
    CHECK(g_get_monotonic_time() > before);
}

TEST_CASE("steps and scripts work on real time", "[lab][real]") {
    Lab lab;
    const int fd = lab.fake_fd();
    SourceRecord& reader = lab.take(reader_of(fd));
    lab.run_for(0ns);
    lab.in(3ms).pulse(fd, G_IO_IN);
    while (reader.dispatched == 0) {
        REQUIRE_FALSE(lab.step().would_sleep);
    }
    CHECK(never_before(reader, 3ms)(lab));
    CHECK(lab.timeline().find("(scripted)  IN -> IN") != std::string::npos);
}

TEST_CASE("a timeout takes its time, and another thread's wake-up ends it", "[lab][real]") {
    Lab lab;
    GSource* source = g_timeout_source_new(2);
    g_source_set_callback(
        source, [](gpointer) -> gboolean { return G_SOURCE_REMOVE; }, nullptr, nullptr);
    SourceRecord& timer = lab.take(source);
    CHECK(lab.run_until([&] { return timer.dispatched == 1; }, within(10s)));
    CHECK(never_before(timer, 2ms)(lab));
    lab.on_thread([&] { g_main_context_wakeup(lab.context()); });
    CHECK(lab.step().poll_result == 1);
}

TEST_CASE("the kit asks what can be asked, and says what cannot", "[lab][real][kit]") {
    const Report report = check_source(planted_queue(0));
    INFO(report.text());
    CHECK(report.passed());
    CHECK(report.results.at(8).outcome == Outcome::not_applicable);
    CHECK(report.results.at(8).words.find("time is real") == 0);
    CHECK(report.results.at(23).outcome == Outcome::not_applicable);
    CHECK_FALSE(check_source(planted_queue(13)).passed());
}
