// SPDX-License-Identifier: MIT
// Moving between contexts (contracts F16.3, F16.5, T33; traps B-13, B-44, B-45).
#include <nestling/call_in.hpp>
#include <nestling/io_thread.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "coroutine/running.hpp"
#include "coroutine/slow_write.hpp"
#include "support/gate.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

namespace {

using namespace std::chrono_literals;

/// Stays on the other context at its end.
Task<int> go_and_stay(Context& there) {
    co_await resume_on(there);
    co_await sleep_for(0ns);
    co_return there.is_home() ? 1 : -1;
}

Task<void> go_and_fail(Context& there) {
    co_await resume_on(there);
    throw std::runtime_error("there");
}

}  // namespace

TEST_CASE("a task goes on, and stays, on the thread that it has moved to", "[F16.3]") {
    Context here;
    IoThread thread;
    Context& there = *thread.context();
    const auto body = [&]() -> Task<int> {
        int right = 0;
        right += here.is_home() ? 1 : 0;
        co_await resume_on(there);
        right += there.is_home() ? 1 : 0;
        co_await sleep_for(1ms);
        right += there.is_home() ? 1 : 0;
        right += &co_await this_task::context() == &there ? 1 : 0;
        co_await resume_on(there);
        right += there.is_home() ? 1 : 0;
        co_await resume_on(here);
        right += here.is_home() ? 1 : 0;
        co_return right;
    };
    CHECK(run(here, body()) == 6);
}

TEST_CASE("who waits for a task that has moved goes on where it was, however that ends", "[F16.3][B-44]") {
    Context here;
    IoThread thread;
    Context& there = *thread.context();
    const auto body = [&]() -> Task<int> {
        int right = co_await go_and_stay(there);
        right += here.is_home() ? 1 : 0;
        try {
            co_await go_and_fail(there);
        } catch (const std::runtime_error&) {
            right += here.is_home() ? 1 : 0;
        }
        const auto [one, two] = co_await when_all(go_and_stay(there), go_and_stay(there));
        right += one + two + (here.is_home() ? 1 : 0);
        co_return right;
    };
    CHECK(run(here, body()) == 6);
    // The outermost task as well: its end is told at its home.
    bool is_told_here = false;
    spawn(here, "task", go_and_stay(there), [&](const Outcome<int>&) { is_told_here = here.is_home(); });
    poll_until(here, [&] { return is_told_here; });
}

TEST_CASE("a task that has moved may move back, and forth, in its children", "[F16.3]") {
    Context here;
    IoThread thread;
    Context& there = *thread.context();
    const auto child = [&]() -> Task<int> {
        const int before = there.is_home() ? 1 : 0;
        co_await resume_on(here);
        const int at = here.is_home() ? 1 : 0;
        co_await resume_on(there);
        co_await resume_on(here);
        co_return before + at;
    };
    const auto body = [&]() -> Task<int> {
        co_await resume_on(there);
        const int right = co_await child();
        co_return right + (there.is_home() ? 1 : 0);
    };
    CHECK(run(here, body()) == 3);
}

TEST_CASE("a task that is to stop does not move, and is stopped where it is") {
    Context here;
    IoThread thread;
    Context& there = *thread.context();
    std::stop_source source;
    const auto body = [&]() -> Task<int> {
        source.request_stop();
        try {
            co_await resume_on(there);
        } catch (const std::system_error&) {
            co_return here.is_home() ? 1 : 0;
        }
        co_return -1;
    };
    CHECK(run(here, body(), source.get_token()) == 1);
}

TEST_CASE("a held task is waited for while it is on another context, and then destroyed at home") {
    Context here;
    IoThread thread;
    Context& there = *thread.context();
    int living = 0;
    std::atomic<bool> is_there{false};
    const bool comes_back = GENERATE(false, true);
    const auto body = [&](Counted /*held*/) -> Task<void> {
        co_await resume_on(there);
        is_there.store(true);
        try {
            co_await sleep_for(1h);
        } catch (const std::system_error&) {
            if (!comes_back) {
                throw;
            }
        }
        // The way home is not for one that is to stop.
        co_await without_stop([](Context& home) -> Task<void> { co_await resume_on(home); }(here));
        AsyncEvent never;
        co_await never.wait();
    };
    {
        const TaskHandle handle = spawn_held(here, "task", body(Counted(living)));
        look_until(here, [&] { return is_there.load(); });
        CHECK(living == 1);
    }
    CHECK(living == 0);
    CHECK_FALSE(here.poll(Wait::none));
}

TEST_CASE("several tasks of one that is destroyed are on another context at the same time") {
    Context here;
    IoThread thread;
    Context& there = *thread.context();
    int living = 0;
    std::atomic<int> arrived{0};
    const auto child = [&](Counted /*held*/) -> Task<void> {
        co_await resume_on(there);
        ++arrived;
        co_await sleep_for(1h);
    };
    const auto stays = [&](Counted /*held*/) -> Task<void> { co_await sleep_for(1h); };
    {
        const TaskHandle handle =
            spawn_held(here, "task", when_all(child(Counted(living)), stays(Counted(living)), child(Counted(living))));
        look_until(here, [&] { return arrived.load() == 2; });
    }
    CHECK(living == 0);
}

TEST_CASE("tasks hop among contexts at random, each on the right thread, and none is lost",
          "[T33][F16.5][B-44][B-45]") {
    constexpr int threads = 4;
    constexpr int tasks = 50;
    constexpr int hops = 200;
    Context here;
    std::array<IoThread, threads> loops;
    std::atomic<int> wrong{0};
    int ended = 0;
    struct Hopper {
        std::array<IoThread, threads>& loops;
        std::atomic<int>& wrong;

        Task<int> hop(unsigned seed) {
            std::minstd_rand random(seed);
            int count = 0;
            for (int at = 0; at < hops; ++at) {
                Context& next = *loops[random() % threads].context();
                co_await resume_on(next);
                wrong += next.is_home() ? 0 : 1;
                ++count;
                if (random() % 8 == 0) {
                    const int inner = co_await hop_once(random());
                    wrong += next.is_home() && inner == 1 ? 0 : 1;
                }
            }
            co_return count;
        }
        Task<int> hop_once(std::minstd_rand::result_type random) {
            Context& next = *loops[random % threads].context();
            co_await resume_on(next);
            wrong += next.is_home() ? 0 : 1;
            co_return 1;
        }
    } hopper{loops, wrong};
    for (unsigned task = 0; task < tasks; ++task) {
        spawn(here, "hopper", hopper.hop(task + 1), [&](Outcome<int> outcome) {
            wrong += outcome.value() == hops && here.is_home() ? 0 : 1;
            ++ended;
        });
    }
    poll_until(here, [&] { return ended == tasks; });
    CHECK(wrong.load() == 0);
}

TEST_CASE("a task may end the context that it was sent from, or to, when it has left it", "[B-13]") {
    Context here;
    for (int round = 0; round < 50; ++round) {
        auto thread = std::make_unique<IoThread>();
        const auto body = [&]() -> Task<void> {
            co_await resume_on(*thread->context());
            co_await resume_on(here);
            thread.reset();
        };
        run(here, body());
        CHECK(thread == nullptr);
    }
}

TEST_CASE("a task does not go on before who has sent it needs its context no more", "[B-13]") {
    Context here;
    std::atomic<int> gone_on{0};
    std::atomic<int> too_early{0};
    int writes = 0;
    // A moment is enough for the other thread to go on, if nothing holds it.
    const auto watch = [&] {
        if (++writes != 1) {
            return;
        }
        for (int count = 0; count < 200 && gone_on.load() == 0; ++count) {
            std::this_thread::sleep_for(1ms);
        }
        too_early += gone_on.load();
    };
    // It may be awake after all: then nothing is written, and nothing is seen.
    const auto wait_until_asleep = [] { std::this_thread::sleep_for(10ms); };
    std::function<void()> attempt;
    IoThread thread;
    Context& there = *thread.context();
    SECTION("sent by resume_on()") {
        attempt = [&] {
            const auto body = [&]() -> Task<void> {
                co_await resume_on(there);
                ++gone_on;
            };
            wait_until_asleep();
            const SlowWrite slow(watch);
            run(here, body());
        };
    }
    SECTION("spawned") {
        attempt = [&] {
            const auto body = [&]() -> Task<void> {
                ++gone_on;
                co_return;
            };
            wait_until_asleep();
            std::atomic<bool> has_ended{false};
            {
                const SlowWrite slow(watch);
                spawn(there, "task", body(), [&](const Outcome<void>&) { has_ended = true; });
            }
            until([&] { return has_ended.load(); });
        };
    }
    SECTION("woken at an event") {
        attempt = [&] {
            AsyncEvent event;
            std::atomic<bool> has_ended{false};
            const auto body = [&]() -> Task<void> {
                co_await event.wait();
                ++gone_on;
            };
            spawn(there, "task", body(), [&](const Outcome<void>&) { has_ended = true; });
            wait_until_asleep();
            {
                const SlowWrite slow(watch);
                event.set();
            }
            until([&] { return has_ended.load(); });
        };
    }
    SECTION("on its way home from its end") {
        attempt = [&] {
            const auto child = [&]() -> Task<void> {
                co_await resume_on(there);
                // Home falls asleep meanwhile.
                std::this_thread::sleep_for(10ms);
            };
            const auto parent = [&]() -> Task<void> {
                co_await child();
                ++gone_on;
            };
            std::optional<SlowWrite> slow;
            call_in(there, [&] { slow.emplace(watch); });
            run(here, parent());
            call_in(there, [&] { slow.reset(); });
        };
    }
    for (int round = 0; round < 100 && writes == 0; ++round) {
        gone_on = 0;
        attempt();
    }
    CHECK(writes > 0);
    CHECK(too_early.load() == 0);
    CHECK(gone_on.load() == 1);
}

}  // namespace nestling::testing
