// SPDX-License-Identifier: MIT
// Every allocation fails once, with all that come after it: what was asked for has happened, or nothing has.
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <nestling/bottom_half.hpp>
#include <nestling/callback.hpp>
#include <nestling/context.hpp>
#include <nestling/fd_handler.hpp>
#include <nestling/io_thread.hpp>
#include <nestling/thread_pool.hpp>
#include <nestling/timer.hpp>

#include "loop/context_core.hpp"
#include "loop/timer_wheel.hpp"
#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/open_fds.hpp"
#include "support/testing.hpp"
#include "unit/failing_new.hpp"
#include "unit/monitors.hpp"
#include "unit/timer_nodes.hpp"
#include "unit/until.hpp"
#include "unit/work.hpp"

namespace nestling::testing {

namespace {

Context& fresh(std::optional<Context>& context, MonitorKind kind) {
    ContextOptions options;
    options.monitor = kind;
    return context.emplace(options);
}

std::string alive(Context& context) {
    return context.core().handles().names();
}

MonitorKind any_kind() {
    return GENERATE(from_range(monitor_kinds()));
}

FdCallbacks reads(int& calls) {
    FdCallbacks callbacks;
    callbacks.read = [&calls] { ++calls; };
    return callbacks;
}

}  // namespace

TEST_CASE("no memory: a large callable is not boxed, and is as it was") {
    struct Large {
        std::shared_ptr<int> token;
        void* ballast[4] = {};
        void operator()() const {}
    };
    const auto token = std::make_shared<int>(0);
    Large large{token};
    // Kept, because a compiler may leave out an allocation that it sees freed again.
    std::vector<Callback<void()>> kept;
    kept.reserve(1);
    const int needed =
        fail_each_allocation([&] { kept.emplace_back(std::move(large)); }, [&](bool) { CHECK(large.token == token); });
    CHECK(needed == 1);
    kept.clear();
    CHECK(token.use_count() == 1);
}

TEST_CASE("no memory: a context is not made, and neither memory nor a descriptor is left") {
    const MonitorKind kind = any_kind();
    const std::size_t fds = count_open_fds();
    const long blocks = live_blocks();
    const int needed = fail_each_allocation(
        [kind] {
            ContextOptions options;
            options.name = "a name that does not fit into the string itself";
            options.monitor = kind;
            const Context context(std::move(options));
        },
        [&](bool) {
            CHECK(count_open_fds() == fds);
            CHECK(live_blocks() == blocks);
        });
    CHECK(needed > 3);
}

TEST_CASE("no memory: a post is refused, and its callback destroyed") {
    Context context;
    const auto token = std::make_shared<int>(0);
    int calls = 0;
    int failures = 0;
    fail_each_allocation([&] { context.post("post", [&calls, token] { ++calls; }); },
                         [&](bool) {
                             ++failures;
                             CHECK(token.use_count() == 1);
                             CHECK_FALSE(context.poll(Wait::none));
                         });
    CHECK(failures >= 1);
    CHECK(context.poll(Wait::none));
    CHECK(calls == 1);
}

TEST_CASE("no memory: handles are not made, and the context does not think that they are alive") {
    std::optional<Context> context;
    fresh(context, any_kind());
    const Ends ends;
    int failures = 0;
    int calls = 0;
    const auto after = [&](bool) {
        ++failures;
        CHECK(alive(*context).empty());
    };
    SECTION("bottom half") {
        fail_each_allocation([&] { const BottomHalf handle(*context, "bottom half", [] {}); }, after);
    }
    SECTION("timer") {
        fail_each_allocation([&] { const Timer handle(*context, "timer", [] {}); }, after);
    }
    SECTION("fd handler") {
        fail_each_allocation([&] { const FdHandler handle(*context, ends.near(), "handler", reads(calls)); }, after);
        const FdHandler handle(*context, ends.near(), "handler", reads(calls));
        ends.put();
        CHECK(context->poll(Wait::none));
        CHECK(calls == 1);
    }
    SECTION("work queue") {
        const auto pool = make_pool(1);
        fail_each_allocation([&] { const WorkQueue queue(*context, pool, "queue"); }, after);
    }
    CHECK(failures >= 1);
    CHECK(alive(*context).empty());
}

TEST_CASE("no memory: a handler keeps its callbacks when others cannot be set") {
    std::optional<Context> context;
    fresh(context, any_kind());
    const Ends ends;
    int old_calls = 0;
    int new_calls = 0;
    int expected = 0;
    FdHandler handler(*context, ends.near(), "handler", reads(old_calls));
    // As many as have room beside it, so that the new node needs memory. All names are one, because their order may
    // change.
    const std::vector<Ends> others(loop::SlabShape::least_places - 1);
    std::vector<FdHandler> fillers;
    for (const Ends& each : others) {
        fillers.emplace_back(*context, each.near(), "handler", FdCallbacks());
    }
    const std::string names = alive(*context);
    ends.put();
    const int needed = fail_each_allocation(
        [&] {
            FdCallbacks callbacks;
            callbacks.read = [&new_calls] { ++new_calls; };
            callbacks.poll = [] { return false; };
            callbacks.poll_ready = [] {};
            static_cast<void>(handler.set(std::move(callbacks)));
        },
        [&](bool) {
            CHECK(alive(*context) == names);
            CHECK(context->poll(Wait::none));
            CHECK(old_calls == ++expected);
        });
    CHECK(needed >= 2);
    CHECK(context->poll(Wait::none));
    CHECK(old_calls == expected);
    CHECK(new_calls == 1);
    CHECK(alive(*context) == names);
}

TEST_CASE("no memory: an iteration that fails loses no descriptor and no bottom half") {
    std::optional<Context> context;
    fresh(context, any_kind());
    const std::vector<Ends> ends(20);
    std::vector<FdHandler> handlers;
    int calls = 0;
    int posts = 0;
    for (const Ends& each : ends) {
        handlers.emplace_back(*context, each.near(), "handler", reads(calls));
        each.put();
    }
    context->post("post", [&posts] { ++posts; });
    fail_each_allocation([&] { context->poll(Wait::none); }, [](bool) {});
    CHECK(posts == 1);
    calls = 0;
    CHECK(context->poll(Wait::none));
    CHECK(calls == 20);
}

TEST_CASE("no memory: a timer that cannot be put into the wheel is armed nowhere, and the wheel is as it was") {
    using loop::TimerNode;
    TimerNodes nodes;
    TimerNode& other = nodes.make();
    TimerNode& node = nodes.make();
    for (const std::int64_t deadline :
         {std::int64_t{1'001}, std::int64_t{70'000}, std::int64_t{1'000'000'000'000'000'000}}) {
        CAPTURE(deadline);
        loop::TimerWheel wheel(1000);
        wheel.insert(other, 1001);
        const std::int64_t before = node.deadline;
        int failures = 0;
        fail_each_allocation([&] { wheel.insert(node, deadline); },
                             [&](bool) {
                                 ++failures;
                                 CHECK_FALSE(node.is_armed());
                                 CHECK(node.deadline == before);
                                 CHECK(wheel.next_deadline() == 1001);
                             });
        // The other timer has made the lowest level, which is all that the nearest deadline needs.
        CHECK((failures > 0) == (deadline > 1023));
        loop::TimerList due;
        wheel.advance(1000, due);
        CHECK(due.empty());
        {
            // What moves down the levels has a place there already.
            const FailingNew failing(0);
            wheel.advance(deadline, due);
        }
        CHECK(due.pop_front() == &other);
        CHECK(due.pop_front() == &node);
        CHECK(due.empty());
        node.place = other.place = TimerNode::Place::nowhere;
        node.deadline = other.deadline = -1;
    }
}

TEST_CASE("no memory: a timer that cannot be armed is disarmed and says so, on every clock") {
    const Clock clock = GENERATE(Clock::monotonic, Clock::wall, Clock::virtual_time);
    Context context;
    int calls = 0;
    Timer timer(
        context, "timer", [&calls] { ++calls; }, clock);
    const std::chrono::nanoseconds deadline = std::chrono::hours(24 * 365 * 100);
    int failures = 0;
    fail_each_allocation([&] { timer.arm_at(deadline); },
                         [&](bool) {
                             ++failures;
                             CHECK_FALSE(timer.is_armed());
                             CHECK(timer.deadline().count() < 0);
                         });
    CHECK(failures >= 1);
    CHECK(timer.is_armed());
    CHECK(timer.deadline() == deadline);
    CHECK(calls == 0);
}

TEST_CASE("no memory: a job is refused or runs, and never half of it") {
    Context context;
    const auto pool = make_pool(2);
    WorkQueue queue(context, pool, "queue");
    const auto token = std::make_shared<int>(0);
    std::atomic<int> ran{0};
    int delivered = 0;
    int failures = 0;
    fail_each_allocation(
        [&] {
            Job job;
            static_cast<void>(queue.submit([&ran, token] { ran.fetch_add(1); },
                                           [&delivered, token](const Outcome<void>&) { ++delivered; }, &job));
        },
        [&](bool has_thrown) {
            ++failures;
            if (has_thrown) {
                CHECK(token.use_count() == 1);
                CHECK(pool->queued() == 0);
                CHECK(queue.pending() == 0);
            }
            poll_until(context, [&] { return queue.pending() == 0; });
        });
    CHECK(failures >= 2);
    poll_until(context, [&] { return queue.pending() == 0; });
    CHECK(delivered >= 1);
    CHECK(delivered == ran.load());
    CHECK(token.use_count() == 1);
}

TEST_CASE("no memory: an I/O thread is not started, and neither memory nor a descriptor is left") {
    const std::size_t fds = count_open_fds();
    const int needed = fail_each_allocation([] { IoThread thread; }, [&](bool) { CHECK(count_open_fds() == fds); });
    CHECK(needed > 3);
    CHECK(count_open_fds() == fds);
}

TEST_CASE(
    "no memory: another thread destroys handles all the same, and removing one with a promise is all or nothing") {
    Context context;
    const auto token = std::make_shared<int>(0);
    BottomHalf bottom_half(context, "bottom half", [token] {});
    Timer timer(context, "timer", [token] {});
    timer.arm_after(std::chrono::hours(1));
    Timer promised_timer(context, "promised timer", [token] {});
    promised_timer.arm_after(std::chrono::hours(1));
    BottomHalf promised(context, "promised", [token] {});
    const Ends ends;
    const Ends other_ends;
    const auto reads_with_token = [&token] {
        FdCallbacks callbacks;
        callbacks.read = [token] {};
        return callbacks;
    };
    FdHandler handler(context, ends.near(), "handler", reads_with_token());
    FdHandler promised_handler(context, other_ends.near(), "promised handler", reads_with_token());
    int removals = 0;
    int failures = 0;
    int handler_failures = 0;
    int timer_failures = 0;
    std::thread([&] {
        {
            const FailingNew failing(0);
            bottom_half = BottomHalf();
            handler = FdHandler();
            timer = Timer();
        }
        fail_each_allocation([&] { promised_handler.remove([&removals] { ++removals; }); },
                             [&](bool has_thrown) {
                                 handler_failures += has_thrown ? 1 : 0;
                                 CHECK(promised_handler.fd() == other_ends.near());
                             });
        fail_each_allocation([&] { promised_timer.remove([&removals] { ++removals; }); },
                             [&](bool has_thrown) {
                                 timer_failures += has_thrown ? 1 : 0;
                                 CHECK(static_cast<bool>(promised_timer));
                             });
        fail_each_allocation([&] { promised.remove([&removals] { ++removals; }); },
                             [&](bool has_thrown) {
                                 failures += has_thrown ? 1 : 0;
                                 CHECK(static_cast<bool>(promised));
                             });
    }).join();
    CHECK(failures >= 1);
    CHECK(handler_failures == 1);
    CHECK(timer_failures >= 1);
    CHECK(alive(context).empty());
    CHECK(token.use_count() == 7);
    context.poll(Wait::none);
    context.poll(Wait::none);
    CHECK(removals == 3);
    CHECK(token.use_count() == 1);
}

TEST_CASE("no memory: handles are destroyed, also in their own callbacks") {
    // In a child, because what goes wrong here ends the process.
    const int kind = GENERATE(0, 1, 2);
    CAPTURE(kind);
    const ChildEnd end = run_in_child([kind] {
        Context context;
        const Ends ends;
        ends.put();
        int calls = 0;
        int removals = 0;
        BottomHalf bottom_half;
        FdHandler handler;
        Timer timer;
        const auto destroy = [&] {
            ++calls;
            const FailingNew failing(0);
            bottom_half = BottomHalf();
            handler.remove([&removals] { ++removals; });
            timer.remove([&removals] { ++removals; });
        };
        if (kind == 0) {
            bottom_half = BottomHalf(context, "bottom half", destroy);
            bottom_half.schedule();
        } else if (kind == 1) {
            FdCallbacks callbacks;
            callbacks.read = destroy;
            handler = FdHandler(context, ends.near(), "handler", std::move(callbacks));
        } else {
            timer = Timer(context, "timer", destroy);
            timer.arm_at(std::chrono::nanoseconds(1));
        }
        context.poll(Wait::none);
        return calls == 1 && removals == (kind == 0 ? 0 : 1) ? 0 : 1;
    });
    INFO(end.errors);
    CHECK(end.signal == 0);
    CHECK(end.exit_code == 0);
}

}  // namespace nestling::testing
