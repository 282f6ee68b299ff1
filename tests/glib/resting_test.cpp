// SPDX-License-Identifier: MIT
// A source that has had nothing to do for a while rests: GLib calls it no more until a descriptor says so.
#include <chrono>
#include <thread>
#include <utility>
#include <vector>

#include "glib/logs.hpp"
#include "glib/poll_hook.hpp"
#include "glib/reading.hpp"
#include "glib/settings.hpp"
#include "support/descriptors.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

namespace {

using namespace std::chrono_literals;

/// The descriptors that GLib polls in the next iteration, without the one by which it wakes itself.
std::vector<int> polled(const Nested& nested) {
    std::vector<int> result;
    const PollHook hook(nested.main, [&](GPollFD* fds, guint size, int) {
        for (guint at = 0; at < size; ++at) {
            result.push_back(static_cast<int>(fds[at].fd));
        }
        return poll_glib(fds, size, 0);
    });
    nested.main.look();
    return result;
}

}  // namespace

TEST_CASE("an idle source rests, one dispatch wakes it, and it rests again", "[resting]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    Nested nested(setting);
    int runs = 0;
    const BottomHalf bottom_half(*nested.context, "bh", [&] { ++runs; });
    for (int round = 1; round <= 3; ++round) {
        rest(nested);
        REQUIRE(is_resting(nested) == can_rest(setting));
        std::thread([&] { bottom_half.schedule(); }).join();
        const PollHook hook(nested.main);
        nested.main.sleep();
        CHECK(runs == round);
        CHECK(hook.count() == 1);
        CHECK_FALSE(is_resting(nested));
    }
}

TEST_CASE("what another source's callback schedules on a resting context runs in the next iteration", "[resting]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    Nested nested(setting);
    int runs = 0;
    const BottomHalf bottom_half(*nested.context, "bh", [&] { ++runs; });
    rest(nested);
    const std::uint64_t written = nested.context->statistics().wakes_written;
    bottom_half.schedule();
    nested.context->post("post", [&] { ++runs; });
    nested.context->notify();
    // This is what the rest costs: while the source takes part, the home thread makes no system call.
    CHECK((nested.context->statistics().wakes_written != written) == can_rest(setting));
    nested.main.look();
    CHECK(runs == 2);
}

TEST_CASE("a source rests only if nothing is to be asked before each wait and no timeout is to be kept", "[resting]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    Nested nested(setting);
    const Ends ends;
    bool is_ready = false;
    int calls = 0;
    {
        FdCallbacks callbacks = reading([] {});
        callbacks.poll = [&] { return is_ready; };
        callbacks.poll_ready = [&] {
            is_ready = false;
            ++calls;
        };
        const FdHandler hooked(*nested.context, ends.near(), "hooked", std::move(callbacks));
        rest(nested);
        CHECK_FALSE(is_resting(nested));
        // Nothing but the hook shows this.
        is_ready = true;
        nested.main.look();
        CHECK(calls == 1);
    }
    rest(nested);
    CHECK(is_resting(nested) == can_rest(setting));
    // A hook that comes to a source at rest.
    FdCallbacks callbacks = reading([] {});
    callbacks.poll = [&] { return is_ready; };
    callbacks.poll_ready = [&] {
        is_ready = false;
        ++calls;
    };
    const FdHandler hooked(*nested.context, ends.near(), "hooked", std::move(callbacks));
    is_ready = true;
    nested.main.run_until([&] { return calls == 2; });
    CHECK(calls == 2);
}

TEST_CASE("a timer armed on a resting context fires, and the source rests beside one that is far away", "[resting]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    Nested nested(setting);
    int fired = 0;
    Timer timer(*nested.context, "timer", [&] { ++fired; });
    rest(nested);
    SECTION("at home") {
        timer.arm_after(200us);
    }
    SECTION("on another thread") {
        std::thread([&] { timer.arm_after(200us); }).join();
    }
    nested.main.run_until([&] { return fired == 1; });
    CHECK(fired == 1);
#if NESTLING_TEST_TIMERFD
    timer.arm_after(1h);
    rest(nested);
    CHECK(is_resting(nested) == can_rest(setting));
    timer.arm_after(200us);
    nested.main.run_until([&] { return fired == 2; });
    CHECK(fired == 2);
#endif
}

TEST_CASE("a native poll() takes over from a resting source, and gives back", "[resting]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    Nested nested(setting);
    int runs = 0;
    const BottomHalf bottom_half(*nested.context, "bh", [&] { ++runs; });
    rest(nested);
    for (int round = 1; round <= 50; ++round) {
        std::thread producer([&] { bottom_half.schedule(); });
        while (runs != round) {
            nested.context->poll(Wait::block);
        }
        producer.join();
    }
    std::thread([&] { bottom_half.schedule(); }).join();
    nested.main.run_until([&] { return runs == 51; });
    CHECK(runs == 51);
    rest(nested);
    CHECK(is_resting(nested) == can_rest(setting));
}

TEST_CASE("a resting source that is iterated on a foreign thread dispatches nothing and does not spin",
          "[resting][E][R9]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    const Logs logs;
    Nested nested(setting);
    int runs = 0;
    const BottomHalf bottom_half(*nested.context, "bh", [&] { ++runs; });
    rest(nested);
    bottom_half.schedule();
    int awake = 0;
    std::thread([&] {
        const PollHook hook(nested.main, [&](GPollFD* fds, guint size, int) {
            const int ready = poll_glib(fds, size, 0);
            awake += ready != 0 ? 1 : 0;
            return ready;
        });
        for (int round = 0; round < 20; ++round) {
            nested.main.look();
        }
    }).join();
    CHECK(runs == 0);
    // One for the event, and one because GLib is told to ask for it no more.
    CHECK(awake <= 2);
    CHECK(logs.size() == 1);
    nested.main.run_until([&] { return runs == 1; });
    rest(nested);
    bottom_half.schedule();
    nested.main.run_until([&] { return runs == 2; });
    CHECK(runs == 2);
}

TEST_CASE("GLib polls the event itself until the first descriptor or timer comes, and then the set", "[poll set]") {
    const Setting setting = GENERATE(from_range(settings()));
    if (setting.monitor != MonitorKind::epoll) {
        return;
    }
    CAPTURE(setting.name());
    Nested nested(setting);
    const Ends ends;
    int runs = 0;
    const BottomHalf bottom_half(*nested.context, "bh", [&] { ++runs; });
    nested.main.settle();
    const std::vector<int> alone = polled(nested);
    REQUIRE(alone.size() == 2);
    // It is read each time, or GLib would not sleep again.
    for (int round = 1; round <= 3; ++round) {
        std::thread([&] { bottom_half.schedule(); }).join();
        nested.main.sleep();
        REQUIRE(runs == round);
        const PollHook hook(nested.main, [&](GPollFD* fds, guint size, int) { return poll_glib(fds, size, 0); });
        nested.main.settle();
        CHECK(hook.count() == 3);
    }
    int reads = 0;
    const auto add = [&] {
        return FdHandler(*nested.context, ends.near(), "fd", reading([&] {
            ends.take();
            ++reads;
        }));
    };
    const bool is_at_home = GENERATE(true, false);
    FdHandler handler;
    bool is_first = true;
    // It comes when GLib sleeps already.
    const PollHook hook(nested.main, [&](GPollFD* fds, guint size, int timeout) {
        if (std::exchange(is_first, false)) {
            if (is_at_home) {
                handler = add();
            } else {
                std::thread([&] { handler = add(); }).join();
            }
            ends.put();
        }
        return poll_glib(fds, size, timeout);
    });
    nested.main.run_until([&] { return reads == 1; });
    CHECK(reads == 1);
    nested.main.settle();
    const std::vector<int> set = polled(nested);
    CHECK(set.size() == 2);
    CHECK(set != alone);
    // For good: each change costs GLib an iteration.
    handler = FdHandler();
    nested.main.settle();
    CHECK(polled(nested) == set);
    // A source of a context that has had time to get empty begins with the event again.
    nested.attachment = glib::Attachment();
    nested.attachment = glib::attach(nested.context, {}, nested.main.get());
    nested.main.settle();
    CHECK(polled(nested) == alone);
}

}  // namespace nestling::testing
