// SPDX-License-Identifier: MIT
// What the context costs inside a GMainContext: iterations and system calls.
#include <nestling-lab/assertions.hpp>

#include "glib/nested_lab.hpp"
#include "glib/protocol.hpp"
#include "glib/reading.hpp"
#include "support/descriptors.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

using lab::Call;
using lab::Counts;

namespace {
constexpr const char* uncounted = "nothing stands before the system's library here, so calls are not counted";
}

TEST_CASE("one fd event takes one iteration of the loop and one dispatch", "[counts][R3]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    NestedLab nested(setting);
    const Ends ends;
    int reads = 0;
    const FdHandler handler(*nested.context, ends.near(), "fd", reading([&] {
        ends.take();
        ++reads;
    }));
    nested.settle();
    const auto before = nested.context->statistics().iterations;
    const Counts begin = nested.lab.counts();
    for (int event = 0; event < 100; ++event) {
        ends.put();
        nested.lab.step();
        REQUIRE(reads == event + 1);
    }
    CHECK(nested.context->statistics().iterations - before == 100);
    if (!nested.lab.counts_calls()) {
        SKIP_LOUDLY(uncounted);
    }
    // GLib's and our own look at what is ready; the test itself writes and reads a byte.
    const Counts counts = nested.lab.counts().since(begin);
    // The lab does not count how io_uring looks.
    const unsigned looks = setting.monitor == MonitorKind::io_uring ? 100 : 200;
    CHECK(counts.of(Call::poll) + counts.of(Call::epoll_wait) == looks);
    CHECK(counts.of(Call::write) == 100);
    CHECK(counts.of(Call::read) == 100);
    CHECK(counts.all_calls() == looks + 200);
}

TEST_CASE("an idle source causes no dispatch, no wake-up and no system call but GLib's poll", "[counts][R6]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    NestedLab nested(setting);
    const Ends ends;
    const FdHandler handler(*nested.context, ends.near(), "fd", reading([] {}));
    nested.settle();
    const Statistics before = nested.context->statistics();
    for (int round = 0; round < 50; ++round) {
        const lab::Step& step = nested.lab.step();
        REQUIRE(step.would_sleep);
        REQUIRE(step.counts.all_calls() == step.counts.of(Call::poll));
        REQUIRE(step.counts.of(Call::poll) == (nested.lab.counts_calls() ? 1U : 0U));
    }
    const Statistics after = nested.context->statistics();
    CHECK(after.iterations == before.iterations);
    CHECK(after.wakes_written == before.wakes_written);
}

TEST_CASE("a source that is asleep is not woken before there is something to do", "[counts]") {
    NestedLab nested;
    bool has_run = false;
    const BottomHalf bottom_half(*nested.context, "bh", [&] { has_run = true; });
    nested.settle();
    nested.lab.before(lab::Phase::poll, [&] { nested.lab.on_thread([&] { bottom_half.schedule(); }); });
    nested.lab.step();
    CHECK(has_run);
}

TEST_CASE("schedule, post and notify make no system call while the loop is awake", "[counts][P2]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    NestedLab nested(setting);
    int runs = 0;
    Counts calls;
    const BottomHalf other(*nested.context, "other", [&] { ++runs; });
    const BottomHalf work(*nested.context, "work", [&] {
        const Counts begin = nested.lab.counts();
        for (int round = 0; round < 100; ++round) {
            other.schedule();
            nested.context->notify();
            nested.context->post("post", [&] { ++runs; });
        }
        calls = nested.lab.counts().since(begin);
    });
    work.schedule();
    CHECK(nested.run_until([&] { return runs == 101; }));
    CHECK(calls.all_calls() == 0);
}

TEST_CASE("a burst for a sleeping source writes the event once in the default protocol", "[counts][P2]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    NestedLab nested(setting);
    if (!nested.lab.counts_calls()) {
        SKIP_LOUDLY(uncounted);
    }
    int runs = 0;
    const BottomHalf work(*nested.context, "work", [&] { ++runs; });
    nested.settle();
    for (int round = 1; round <= 20; ++round) {
        std::uint64_t writes = 0;
        nested.lab.before(lab::Phase::poll, [&] {
            const Counts begin = nested.lab.counts();
            work.schedule();
            for (int more = 0; more < 50; ++more) {
                nested.context->notify();
                nested.context->post("post", [] {});
            }
            writes = nested.lab.counts().since(begin).of(Call::write);
        });
        CHECK(nested.run_until([&] { return runs == round; }));
        // The other protocol writes once for each publication: that is what it is compared with.
        REQUIRE(writes == (writes_once_per_sleep ? 1U : 101U));
    }
}

TEST_CASE("preparing many times is the same as preparing once", "[counts][R5][G4.5]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    NestedLab nested(setting);
    int runs = 0;
    const BottomHalf work(*nested.context, "work", [&] { ++runs; });
    nested.settle();
    nested.lab.prepare();
    const Counts begin = nested.lab.counts();
    const auto sleeps = nested.context->statistics().sleeps;
    for (int round = 0; round < 100; ++round) {
        CHECK_FALSE(nested.lab.prepare());
    }
    CHECK(nested.lab.counts().since(begin).all_calls() == 0);
    CHECK(nested.context->statistics().sleeps == sleeps);
    work.schedule();
    CHECK(nested.context->statistics().wakes_written == 1);
    CHECK(nested.run_until([&] { return runs == 1; }));
}

}  // namespace nestling::testing
