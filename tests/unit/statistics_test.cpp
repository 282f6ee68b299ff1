// SPDX-License-Identifier: MIT
#include <nestling/statistics.hpp>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <nestling/bottom_half.hpp>
#include <nestling/context.hpp>
#include <nestling/external_loop.hpp>
#include <nestling/fd_handler.hpp>
#include <nestling/timer.hpp>

#include "support/descriptors.hpp"
#include "support/testing.hpp"
#include "sync/counter.hpp"

namespace nestling::testing {

TEST_CASE("a counter that one thread writes and one that all add to lose nothing") {
    sync::SingleWriterCounter<std::uint64_t> single;
    sync::SharedCounter shared;
    constexpr std::uint64_t count = 50000;
    std::uint64_t went_back = 0;
    std::vector<std::thread> threads;
    for (int index = 0; index < 2; ++index) {
        threads.emplace_back([&shared] {
            for (std::uint64_t at = 0; at < count; ++at) {
                shared.add_one();
            }
        });
    }
    threads.emplace_back([&single] {
        for (std::uint64_t at = 0; at < count; ++at) {
            single.add(1);
        }
    });
    for (std::uint64_t last = 0; last < count;) {
        const std::uint64_t now = single.get();
        went_back += now < last ? 1 : 0;
        last = now;
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    CHECK(went_back == 0);
    CHECK(single.get() == count);
    CHECK(shared.get() == 2 * count);
}

TEST_CASE("a new context has done nothing") {
    const Context context;
    const Statistics statistics = context.statistics();
    CHECK(statistics.iterations == 0);
    CHECK(statistics.sleeps == 0);
    CHECK(statistics.wakes_written == 0);
    CHECK(statistics.wakes_handed_on == 0);
    CHECK(statistics.wakes_saved == 0);
    CHECK(statistics.bottom_halves_run == 0);
    CHECK(statistics.fd_callbacks_run == 0);
    CHECK(statistics.timers_fired == 0);
    CHECK(statistics.spurious_wakes == 0);
    CHECK(statistics.longest_callback.count() == 0);
    CHECK(std::string(statistics.longest_callback_name).empty());
    CHECK(statistics.worst_timer_lateness.count() == 0);
}

TEST_CASE("callbacks of each kind are counted") {
    Context context;
    const BottomHalf bottom_half(context, "bottom half", [] {});
    const Ends ends;
    FdCallbacks callbacks;
    callbacks.read = [&ends] { ends.take(); };
    const FdHandler handler(context, ends.near(), "handler", std::move(callbacks));
    Timer timer(context, "timer", [] {});
    for (std::uint64_t round = 1; round <= 3; ++round) {
        bottom_half.schedule();
        bottom_half.schedule();
        context.post("post", [] {});
        ends.put();
        timer.arm_at(std::chrono::nanoseconds(1));
        CHECK(context.poll(Wait::none));
        const Statistics statistics = context.statistics();
        CHECK(statistics.iterations == round);
        CHECK(statistics.bottom_halves_run == 2 * round);
        CHECK(statistics.fd_callbacks_run == round);
        CHECK(statistics.timers_fired == round);
        CHECK(statistics.sleeps == 0);
        CHECK(statistics.wakes_written == 0);
        CHECK(statistics.wakes_saved == 2 * round);
    }
    CHECK(context.statistics().worst_timer_lateness.count() > 0);
}

TEST_CASE("an iteration that is allowed to sleep counts as a sleep, and as spurious if nothing was to run") {
    Context context;
    Timer timer(context, "timer", [] {});
    // On a machine that is busy its time may have come before the loop waits for it.
    for (int round = 0; round < 100 && context.statistics().sleeps == 0; ++round) {
        timer.arm_after(std::chrono::microseconds(200));
        while (!context.poll(Wait::block)) {
        }
    }
    const Statistics before = context.statistics();
    CHECK(before.sleeps >= 1);
    CHECK(before.spurious_wakes == before.sleeps - 1);
    // A wait that finds its event set already.
    ExternalLoop outer(context);
    REQUIRE_FALSE(outer.prepare().ready);
    context.notify();
    CHECK(context.statistics().wakes_written == before.wakes_written + 1);
    CHECK(context.statistics().sleeps == before.sleeps + 1);
    for (PollHandle& handle : outer.polls()) {
        handle.revents = handle.events;
    }
    CHECK(outer.check());
    CHECK_FALSE(outer.dispatch());
    CHECK(context.statistics().spurious_wakes == before.spurious_wakes + 1);
}

TEST_CASE("a publication that needed no write stays counted, whatever is written later") {
    Context context;
    const BottomHalf bottom_half(context, "bottom half", [] {});
    bottom_half.schedule();
    context.poll(Wait::none);
    CHECK(context.statistics().wakes_saved == 1);
    ExternalLoop outer(context);
    REQUIRE_FALSE(outer.prepare().ready);
    context.notify();
    CHECK(context.statistics().wakes_written == 1);
    CHECK(context.statistics().wakes_saved == 1);
}

TEST_CASE("the longest callback is known by the name of its handle") {
    Context context;
    const auto spin = [](std::chrono::microseconds duration) {
        return [duration] {
            const auto end = std::chrono::steady_clock::now() + duration;
            while (std::chrono::steady_clock::now() < end) {
            }
        };
    };
    const BottomHalf brief(context, "brief", spin(std::chrono::microseconds(1)));
    {
        const std::string name = "lengthy";
        const BottomHalf lengthy(context, name.c_str(), spin(std::chrono::milliseconds(50)));
        // One busy iteration of 64 is sampled.
        for (int count = 0; count < 64; ++count) {
            brief.schedule();
            if (count == 63) {
                lengthy.schedule();
            }
            context.poll(Wait::none);
        }
    }
    // Also when the handle has gone, and its name with it.
    CHECK(context.statistics().longest_callback >= std::chrono::milliseconds(50));
    CHECK(std::string(context.statistics().longest_callback_name) == "lengthy");
}

}  // namespace nestling::testing
