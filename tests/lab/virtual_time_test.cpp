// SPDX-License-Identifier: MIT
#include <nestling-lab/catch2.hpp>
#include <nestling-lab/lab.hpp>

#include <poll.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <thread>

#include "support/testing.hpp"

using namespace nestling::lab;
using namespace nestling::lab::catch2;
using namespace std::chrono_literals;

namespace {

GSource* timeout_every(guint milliseconds) {
    GSource* source = g_timeout_source_new(milliseconds);
    g_source_set_callback(
        source, [](gpointer) -> gboolean { return G_SOURCE_CONTINUE; }, nullptr, nullptr);
    g_source_set_static_name(source, "timer");
    return source;
}

}  // namespace

TEST_CASE("time is virtual, and stands still until the lab polls", "[lab][time]") {
    Lab lab;
    REQUIRE(lab.has_virtual_time());
    CHECK(lab.why_real_time().empty());
    const gint64 before = g_get_monotonic_time();
    const auto steady = std::chrono::steady_clock::now();
    CHECK(g_get_monotonic_time() == before);
    CHECK(lab.now() == 0ns);
    lab.advance(3h);
    CHECK(g_get_monotonic_time() == before + 3 * G_TIME_SPAN_HOUR);
    CHECK(std::chrono::steady_clock::now() - steady == 3h);
    CHECK(lab.now() == 3h);
}

TEST_CASE("a day of a timer of one second is exact, and makes no system call", "[lab][time]") {
    Lab lab;
    SourceRecord& timer = lab.take(timeout_every(1000));
    lab.run_for(24h);
    CHECK(timer.dispatched == 86'400);
    CHECK(lab.now() == 24h);
    REQUIRE_THAT(lab, that(fired_every(timer, 1s)) && that(never_spun(0)));
    CHECK(lab.counts().all_calls() == 0);
}

TEST_CASE("GLib rounds a timeout up to a millisecond, and the lab shows it", "[lab][time]") {
    Lab lab;
    GSource* source = timeout_every(1000);
    g_source_set_ready_time(source, g_get_monotonic_time() + 250);
    SourceRecord& timer = lab.take(source);
    const Step& step = lab.step();
    CHECK(step.timeout == 1);
    CHECK(step.slept == 1ms);
    CHECK(timer.dispatched_at == std::vector<std::chrono::nanoseconds>{1ms});
}

TEST_CASE("the wall clock follows if it is asked to", "[lab][time]") {
    LabOptions options;
    options.wall_clock = WallClock::follows;
    Lab lab(options);
    const gint64 before = g_get_real_time();
    lab.advance(2h);
    CHECK(g_get_real_time() == before + 2 * G_TIME_SPAN_HOUR);
}

TEST_CASE("time is real again after the lab", "[lab][time]") {
    gint64 inside = 0;
    {
        Lab lab;
        lab.advance(1000h);
        inside = g_get_monotonic_time();
    }
    CHECK(g_get_monotonic_time() < inside);
    const gint64 before = g_get_monotonic_time();
    std::this_thread::sleep_for(1ms);
    CHECK(g_get_monotonic_time() > before);
}

TEST_CASE("timerfds go by the lab's time, also inside an epoll set", "[lab][time][timerfd]") {
    Lab lab;
    const int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    const int set = epoll_create1(0);
    epoll_event event{};
    event.events = EPOLLIN;
    REQUIRE(epoll_ctl(set, EPOLL_CTL_ADD, timer, &event) == 0);
    itimerspec value{};
    value.it_value = {0, 123'456};
    REQUIRE(timerfd_settime(timer, 0, &value, nullptr) == 0);
    CHECK(epoll_wait(set, &event, 1, 0) == 0);
    // The wait passes in the lab's time.
    CHECK(epoll_wait(set, &event, 1, 3'600'000) == 1);
    CHECK(lab.now() == 123'456ns);
    std::uint64_t expirations = 0;
    CHECK(read(timer, &expirations, sizeof expirations) == 8);
    CHECK(expirations == 1);
    close(set);
    close(timer);
}

TEST_CASE("sleeps on the lab's thread let its time pass", "[lab][time]") {
    Lab lab;
    g_usleep(5'000'000);
    CHECK(lab.now() == 5s);
    std::this_thread::sleep_for(7ms);
    CHECK(lab.now() == 5007ms);
    CHECK(poll(nullptr, 0, 60'000) == 0);
    CHECK(lab.now() == 65'007ms);
}

TEST_CASE("a GMainLoop that the code under test runs itself is in the lab's time", "[lab][time]") {
    Lab lab;
    GMainLoop* loop = g_main_loop_new(lab.context(), FALSE);
    GSource* source = g_timeout_source_new_seconds(3600);
    g_source_set_callback(
        source,
        [](gpointer data) -> gboolean {
            g_main_loop_quit(static_cast<GMainLoop*>(data));
            return G_SOURCE_REMOVE;
        },
        loop, nullptr);
    g_source_attach(source, g_main_context_get_thread_default());
    g_source_unref(source);
    g_main_loop_run(loop);
    g_main_loop_unref(loop);
    // GLib moves timers of whole seconds together, each process to a moment of its own.
    CHECK(lab.now() > 3599s);
    CHECK(lab.now() < 3602s);
    REQUIRE(lab.sources().size() == 1);
    CHECK(lab.sources().front()->dispatched == 1);
    CHECK(lab.sources().front()->finalized.load());
}

TEST_CASE("there is one lab at a time", "[lab]") {
    Lab lab;
    CHECK_THROWS_AS(Lab(), std::logic_error);
}
