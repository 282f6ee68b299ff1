// SPDX-License-Identifier: MIT
// What the context costs inside a GMainContext: iterations and system calls.
#include <string>
#include <thread>
#include <utility>

#include "glib/poll_hook.hpp"
#include "glib/protocol.hpp"
#include "glib/settings.hpp"
#include "support/descriptors.hpp"
#include "support/syscall_counter.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

TEST_CASE("one fd event takes one iteration of the loop and one dispatch", "[counts][R3]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    Nested nested(setting);
    const Ends ends;
    int reads = 0;
    FdCallbacks callbacks;
    callbacks.read = [&] {
        ends.take();
        ++reads;
    };
    const FdHandler handler(*nested.context, ends.near(), "fd", std::move(callbacks));
    nested.main.settle();
    const auto before = nested.context->statistics().iterations;
    const PollHook hook(nested.main);
    const SyscallCounter counter;
    for (int event = 0; event < 100; ++event) {
        ends.put();
        nested.main.sleep();
    }
    CAPTURE(counter.text());
    CHECK(reads == 100);
    CHECK(hook.count() == 100);
    CHECK(nested.context->statistics().iterations - before == 100);
    // GLib's and our own look at what is ready; the test itself writes and reads a byte.
    CHECK(counter.waits() == 200);
    CHECK(counter.of(Call::write) == 100);
    CHECK(counter.of(Call::read) == 100);
    CHECK(counter.of(Call::epoll_ctl) + counter.of(Call::timerfd_settime) == 0);
}

TEST_CASE("an idle source causes no dispatch, no wake-up and no system call but GLib's poll", "[counts][R6]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    Nested nested(setting);
    const Ends ends;
    FdCallbacks callbacks;
    callbacks.read = [] {};
    const FdHandler handler(*nested.context, ends.near(), "fd", std::move(callbacks));
    nested.main.settle();
    const Statistics before = nested.context->statistics();
    int awake = 0;
    const PollHook hook(nested.main, [&](GPollFD* fds, guint size, int timeout) {
        CHECK(timeout == -1);
        const int ready = poll_glib(fds, size, 0);
        awake += ready;
        return ready;
    });
    const SyscallCounter counter;
    for (int round = 0; round < 50; ++round) {
        nested.main.sleep();
    }
    CAPTURE(counter.text());
    CHECK(hook.count() == 50);
    CHECK(awake == 0);
    CHECK(counter.total() == counter.waits());
    CHECK(counter.waits() == 50);
    const Statistics after = nested.context->statistics();
    CHECK(after.iterations == before.iterations);
    CHECK(after.wakes_written == before.wakes_written);
}

TEST_CASE("a source that is asleep is not woken before there is something to do", "[counts]") {
    Nested nested;
    bool has_run = false;
    const BottomHalf bottom_half(*nested.context, "bh", [&] { has_run = true; });
    nested.main.settle();
    const PollHook hook(nested.main);
    const auto slept = sleeps_begun();
    std::thread producer([&] {
        while (sleeps_begun() == slept) {
            std::this_thread::yield();
        }
        bottom_half.schedule();
    });
    nested.main.run_until([&] { return has_run; });
    producer.join();
    CHECK(hook.count() == 1);
}

TEST_CASE("schedule, post and notify make no system call while the loop is awake", "[counts][P2]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    Nested nested(setting);
    int runs = 0;
    std::string calls;
    const BottomHalf other(*nested.context, "other", [&] { ++runs; });
    const BottomHalf work(*nested.context, "work", [&] {
        const SyscallCounter counter;
        for (int round = 0; round < 100; ++round) {
            other.schedule();
            nested.context->notify();
            nested.context->post("post", [&] { ++runs; });
        }
        calls = counter.text();
    });
    work.schedule();
    nested.main.run_until([&] { return runs == 101; });
    CHECK(calls == "none");
}

TEST_CASE("a burst for a sleeping source writes the event once in the default protocol", "[counts][P2]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    Nested nested(setting);
    int runs = 0;
    const BottomHalf work(*nested.context, "work", [&] { ++runs; });
    nested.main.settle();
    for (int round = 1; round <= 20; ++round) {
        bool is_first = true;
        std::uint64_t writes = 0;
        const PollHook hook(nested.main, [&](GPollFD* fds, guint size, int timeout) {
            if (std::exchange(is_first, false)) {
                const SyscallCounter counter;
                work.schedule();
                for (int more = 0; more < 50; ++more) {
                    nested.context->notify();
                    nested.context->post("post", [] {});
                }
                writes = counter.of(Call::write);
            }
            return poll_glib(fds, size, timeout);
        });
        nested.main.run_until([&] { return runs == round; });
        // The other protocol writes once for each publication: that is what it is compared with.
        REQUIRE(writes == (writes_once_per_sleep ? 1U : 101U));
    }
}

TEST_CASE("preparing many times is the same as preparing once", "[counts][R5][G4.5]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    Nested nested(setting);
    int runs = 0;
    const BottomHalf work(*nested.context, "work", [&] { ++runs; });
    nested.main.settle();
    GMainContext* main = nested.main.get();
    g_main_context_acquire(main);
    int priority = 0;
    g_main_context_prepare(main, &priority);
    const SyscallCounter counter;
    const auto sleeps = nested.context->statistics().sleeps;
    for (int round = 0; round < 100; ++round) {
        CHECK(g_main_context_prepare(main, &priority) == FALSE);
    }
    CHECK(counter.text() == "none");
    CHECK(nested.context->statistics().sleeps == sleeps);
    g_main_context_release(main);
    work.schedule();
    CHECK(nested.context->statistics().wakes_written == 1);
    nested.main.run_until([&] { return runs == 1; });
    CHECK(runs == 1);
}

}  // namespace nestling::testing
