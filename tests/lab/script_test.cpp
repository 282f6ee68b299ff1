// SPDX-License-Identifier: MIT
#include <nestling-lab/catch2.hpp>
#include <nestling-lab/lab.hpp>

#include <glib-unix.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "support/testing.hpp"

using namespace nestling::lab;
using namespace nestling::lab::catch2;
using namespace std::chrono_literals;

namespace {

gboolean count_up(gint, GIOCondition conditions, gpointer data) {
    static_cast<std::vector<int>*>(data)->push_back(static_cast<int>(conditions));
    return G_SOURCE_CONTINUE;
}

/// Takes the wake-up that a new descriptor brings.
void settle(Lab& lab) {
    while (!lab.step().would_sleep) {
    }
}

/// A source of GLib for one descriptor, which notes the conditions that it was told.
GSource* source_of(int fd, GIOCondition conditions, std::vector<int>& seen) {
    GSource* source = g_unix_fd_source_new(fd, conditions);
    g_source_set_callback(source, G_SOURCE_FUNC(count_up), &seen, nullptr);
    g_source_set_static_name(source, "reader");
    return source;
}

/// A lab at rest, with a source that reads a fake descriptor.
struct FakeReading {
    explicit FakeReading(const LabOptions& options = {}) : lab(options) { settle(lab); }

    Lab lab;
    int fd = lab.fake_fd();
    std::vector<int> seen;
    SourceRecord& reader = lab.take(source_of(fd, G_IO_IN, seen));
};

}  // namespace

TEST_CASE("a fake descriptor is ready when the script says so", "[lab][script]") {
    FakeReading test;
    Lab& lab = test.lab;
    lab.at(5ms).ready(test.fd, G_IO_IN | G_IO_OUT | G_IO_HUP);
    lab.at(6ms).clear(test.fd);
    const Step& first = lab.step();
    CHECK(first.timeout == -1);
    CHECK(first.slept == 5ms);
    // OUT was not asked for; HUP comes unasked.
    CHECK(test.seen == std::vector<int>{G_IO_IN | G_IO_HUP});
    CHECK(test.reader.dispatched_at == std::vector<std::chrono::nanoseconds>{5ms});
    // It calls its callback again and again; the clock goes on all the same.
    lab.run_for(1h);
    CHECK(lab.step().would_sleep);
    CHECK(lab.longest_spin() <= 1);
}

TEST_CASE("a pulse is told once", "[lab][script]") {
    FakeReading test;
    Lab& lab = test.lab;
    lab.pulse(test.fd, G_IO_NVAL);
    lab.run_for(1s);
    CHECK(test.seen == std::vector<int>{G_IO_NVAL});
    REQUIRE_THAT(lab, that(dispatched_once(test.reader)));
}

TEST_CASE("a poll can be interrupted", "[lab][script]") {
    FakeReading test;
    Lab& lab = test.lab;
    lab.at(1ms).interrupt();
    lab.at(2ms).pulse(test.fd, G_IO_IN);
    const Step& first = lab.step();
    CHECK(first.poll_error == EINTR);
    CHECK(first.slept == 1ms);
    CHECK(test.reader.dispatched == 0);
    lab.step();
    CHECK(test.reader.dispatched_at == std::vector<std::chrono::nanoseconds>{2ms});
}

TEST_CASE("a real descriptor is asked of the kernel", "[lab][script]") {
    Lab lab;
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    std::vector<int> seen;
    SourceRecord& reader = lab.take(source_of(ends[0], G_IO_IN, seen));
    settle(lab);
    // Descriptors cannot be scripted without saying so, and one that is answers no more for itself.
    REQUIRE(write(ends[1], "x", 1) == 1);
    lab.step();
    CHECK(reader.dispatched == 1);
    lab.clear(ends[0]);
    settle(lab);
    CHECK(reader.dispatched == 1);
    close(ends[0]);
    close(ends[1]);
}

TEST_CASE("an action runs between two phases, once", "[lab][script]") {
    FakeReading test;
    Lab& lab = test.lab;
    lab.ready(test.fd, G_IO_IN);
    int acted = 0;
    lab.before(Phase::dispatch, [&] {
        ++acted;
        g_source_destroy(test.reader.source);
    });
    const Step& step = lab.step();
    CHECK(step.checked(test.reader) == false);
    CHECK_FALSE(step.dispatched(test.reader));
    lab.step();
    CHECK(acted == 1);
    CHECK(test.reader.finalized.load());
}

TEST_CASE("the loop looks anew after an action of the script", "[lab][script]") {
    Lab lab;
    lab.step();
    SourceRecord* timer = nullptr;
    lab.at(1s).run([&] {
        GSource* source = g_timeout_source_new(100);
        g_source_set_callback(
            source, [](gpointer) -> gboolean { return G_SOURCE_REMOVE; }, nullptr, nullptr);
        timer = &lab.take(source);
    });
    lab.run_for(1h);
    REQUIRE(timer != nullptr);
    CHECK(timer->dispatched_at == std::vector<std::chrono::nanoseconds>{1100ms});
    REQUIRE_THAT(lab, that(never_spun()) && that(never_overslept()));
}

TEST_CASE("the phases can be driven one by one", "[lab][phases]") {
    FakeReading test;
    Lab& lab = test.lab;
    CHECK_FALSE(lab.prepare());
    lab.query();
    lab.ready(test.fd, G_IO_IN);
    CHECK(lab.poll() == 1);
    CHECK(lab.check());
    CHECK(test.reader.dispatched == 0);
    // An iteration between two phases: it takes the event, and the outer one has none left.
    lab.clear(test.fd);
    CHECK(lab.step().depth == 1);
    CHECK(test.reader.dispatched == 1);
    lab.dispatch();
    CHECK(test.reader.dispatched == 1);
}

TEST_CASE("run_until() ends when its condition holds, and otherwise when its time is over", "[lab][time]") {
    LabOptions options;
    options.patience = std::chrono::milliseconds(1);
    FakeReading test(options);
    Lab& lab = test.lab;
    lab.at(2h).ready(test.fd, G_IO_IN);
    CHECK_FALSE(lab.run_until([&] { return test.reader.dispatched != 0; }, within(1h)));
    CHECK(lab.now() == 1h);
    CHECK(lab.run_until([&] { return test.reader.dispatched != 0; }, within(2h)));
    CHECK(lab.now() == 2h);
}
