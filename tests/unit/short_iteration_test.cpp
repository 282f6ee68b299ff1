// SPDX-License-Identifier: MIT
// Iterations that run what their own thread has listed and look at nothing else: they must see what ends them.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <nestling/bottom_half.hpp>
#include <nestling/context.hpp>
#include <nestling/external_loop.hpp>
#include <nestling/fd_handler.hpp>
#include <nestling/timer.hpp>

#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

namespace {

/// A context that a bottom half keeps busy. `at` is how many iterations it has been so: what ends short iterations has
/// to do so wherever it comes.
class Busy {
public:
    explicit Busy(int at) {
        half_ = BottomHalf(context, "busy", [this] {
            ++runs;
            half_.schedule();
        });
        half_.schedule();
        for (int iteration = 0; iteration < at; ++iteration) {
            REQUIRE(context.poll(Wait::none));
        }
        REQUIRE(runs == at);
    }

    Context context;
    int runs = 0;

private:
    BottomHalf half_;
};

constexpr int rounds = 20;

}  // namespace

TEST_CASE("a timer that is armed between busy iterations runs in the next one") {
    for (int at = 0; at < rounds; ++at) {
        Busy busy(at);
        int fired = 0;
        Timer timer(busy.context, "timer", [&fired] { ++fired; });
        timer.arm_at(clock_now(Clock::monotonic));
        busy.context.poll(Wait::none);
        CHECK(fired == 1);
        timer.anticipate(clock_now(Clock::monotonic));
        timer.arm_at(clock_now(Clock::monotonic));
        busy.context.poll(Wait::none);
        CHECK(fired == 2);
        std::thread([&timer] { timer.arm_at(clock_now(Clock::monotonic)); }).join();
        busy.context.poll(Wait::none);
        CHECK(fired == 3);
    }
}

TEST_CASE("a handler that comes between busy iterations runs in the next one if it is ready") {
    for (int at = 0; at < rounds; ++at) {
        Busy busy(at);
        const Ends ends;
        ends.put();
        int reads = 0;
        const FdHandler handler(busy.context, ends.near(), "reader", {.read = [&] {
                                    ends.take();
                                    ++reads;
                                }});
        busy.context.poll(Wait::none);
        CHECK(reads == 1);
    }
}

TEST_CASE("a poll hook that comes between busy iterations is asked in each of them") {
    for (int at = 0; at < rounds; ++at) {
        Busy busy(at);
        const Ends ends;
        int asked = 0;
        const FdHandler handler(busy.context, ends.near(), "hooked",
                                {.read = [] {},
                                 .poll =
                                     [&asked] {
                                         ++asked;
                                         return false;
                                     },
                                 .poll_ready = [] {}});
        for (int iteration = 0; iteration < rounds; ++iteration) {
            busy.context.poll(Wait::none);
        }
        CHECK(asked >= rounds);
    }
}

TEST_CASE("what another thread schedules, idly too, runs in the next of busy iterations") {
    for (int at = 0; at < rounds; ++at) {
        Busy busy(at);
        int runs = 0;
        const BottomHalf half(busy.context, "half", [&runs] { ++runs; });
        std::thread([&half] { half.schedule(); }).join();
        busy.context.poll(Wait::none);
        CHECK(runs == 1);
        std::thread([&half] { half.schedule_idle(); }).join();
        busy.context.poll(Wait::none);
        CHECK(runs == 2);
    }
}

TEST_CASE("a handle that another thread destroys between busy iterations is gone after the next one") {
    for (int at = 0; at < rounds; ++at) {
        Busy busy(at);
        const Ends ends;
        const auto owned = std::make_shared<int>();
        std::optional<FdHandler> handler;
        handler.emplace(busy.context, ends.near(), "reader", FdCallbacks{.read = [owned] {}});
        std::optional<Timer> timer;
        timer.emplace(busy.context, "timer", [owned] {});
        for (int iteration = 0; iteration < at; ++iteration) {
            busy.context.poll(Wait::none);
        }
        CHECK(owned.use_count() == 3);
        std::thread([&] {
            handler.reset();
            timer.reset();
        }).join();
        busy.context.poll(Wait::none);
        CHECK(owned.use_count() == 1);
    }
}

TEST_CASE("every busy iteration in the window of an outer loop hands a wake on") {
    for (int at = 0; at < rounds; ++at) {
        Context context;
        BottomHalf half;
        half = BottomHalf(context, "busy", [&half] { half.schedule(); });
        half.schedule();
        for (int iteration = 0; iteration < at; ++iteration) {
            context.poll(Wait::none);
        }
        half.cancel();
        context.poll(Wait::none);
        ExternalLoop outer(context);
        CHECK_FALSE(outer.prepare().ready);
        half.schedule();
        for (int iteration = 0; iteration < rounds; ++iteration) {
            const std::uint64_t before = context.statistics().wakes_handed_on;
            context.poll(Wait::none);
            CHECK(context.statistics().wakes_handed_on == before + 1);
        }
    }
}

TEST_CASE("a callback that runs alone in its iteration may poll, and post, and schedule itself") {
    for (int at = 0; at < rounds; ++at) {
        Context context;
        std::vector<std::string> seen;
        BottomHalf half;
        int depth = 0;
        half = BottomHalf(context, "half", [&] {
            seen.emplace_back("half");
            if (++depth <= 3) {
                context.post("post", [&] {
                    seen.emplace_back("post");
                    half.schedule();
                    CHECK(context.poll(Wait::none));
                    seen.emplace_back("posted");
                });
                CHECK(context.poll(Wait::none));
                seen.emplace_back("polled");
            }
            --depth;
        });
        for (int iteration = 0; iteration < at; ++iteration) {
            context.poll(Wait::none);
        }
        const Statistics before = context.statistics();
        half.schedule();
        CHECK(context.poll(Wait::none));
        CHECK(seen == std::vector<std::string>{"half", "post", "half", "post", "half", "post", "half", "posted",
                                               "polled", "posted", "polled", "posted", "polled"});
        CHECK(context.statistics().iterations == before.iterations + 7);
        CHECK(context.statistics().bottom_halves_run == before.bottom_halves_run + 7);
        CHECK(context.statistics().wakes_saved == before.wakes_saved + 7);
        CHECK_FALSE(context.poll(Wait::none));
    }
}

TEST_CASE("a callback that runs alone in its iteration is inside one") {
    for (const int at : {0, 3}) {
        for (const bool posts : {false, true}) {
            const ChildEnd end = run_in_child([at, posts] {
                Context context;
                const BottomHalf half(context, "half", [&context] { context.release_home(); });
                for (int iteration = 0; iteration < at; ++iteration) {
                    context.poll(Wait::none);
                }
                if (posts) {
                    context.post("post", [&context] { context.release_home(); });
                } else {
                    half.schedule();
                }
                context.poll(Wait::none);
                return 0;
            });
            CHECK(end.says("release_home() inside an iteration"));
        }
    }
}

TEST_CASE("iterations that find nothing are counted, and end when a descriptor comes") {
    for (int at = 0; at < rounds; ++at) {
        Context context;
        for (int iteration = 0; iteration < at; ++iteration) {
            CHECK_FALSE(context.poll(Wait::none));
        }
        CHECK(context.statistics().iterations == static_cast<std::uint64_t>(at));
        const Ends ends;
        ends.put();
        int reads = 0;
        std::optional<FdHandler> handler;
        std::thread([&] {
            handler.emplace(context, ends.near(), "reader", FdCallbacks{.read = [&] { ++reads; }});
        }).join();
        CHECK(context.poll(Wait::none));
        CHECK(reads == 1);
    }
}

}  // namespace nestling::testing
