// SPDX-License-Identifier: MIT
// Tasks when memory runs out: std::bad_alloc comes out of what needed memory, and nothing is lost or left.
#include <chrono>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

#include "coroutine/running.hpp"
#include "support/testing.hpp"
#include "unit/failing_new.hpp"

namespace nestling::testing {

namespace {

using namespace std::chrono_literals;

Task<int> nap(int value) {
    co_await sleep_for(0ns);
    co_return value;
}

Task<void> take(AsyncMutex& mutex) {
    const AsyncLock lock = co_await mutex.lock();
    co_await this_task::yield();
}

Task<void> send(Channel<int>& channel) {
    for (int item = 0; item < 3; ++item) {
        co_await channel.send(int{item});
    }
}

Task<void> receive(Channel<int>& channel) {
    for (int count = 0; count < 3; ++count) {
        co_await channel.receive();
    }
}

Task<void> everything(Context& here, Context& there, AsyncMutex& mutex, Channel<int>& channel, Counted held) {
    const Counted mine(std::move(held));
    co_await nap(1);
    co_await when_all(nap(1), nap(2), take(mutex), take(mutex));
    co_await when_any(nap(1), nap(2));
    co_await with_timeout(1h, when_all(send(channel), receive(channel)));
    co_await resume_on(there);
    co_await nap(1);
    co_await resume_on(here);
}

}  // namespace

TEST_CASE("each allocation of a task and of what it waits for may fail") {
    Context here;
    Context there;
    int living = 0;
    const auto action = [&] {
        AsyncMutex mutex;
        Channel<int> channel(1);
        struct End {
            bool has_come = false;
            std::exception_ptr error;
        } end;
        std::stop_source source;
        spawn(
            here, "task", everything(here, there, mutex, channel, Counted(living)),
            [&end](const Outcome<void>& outcome) {
                end.has_come = true;
                end.error = outcome.error();
            },
            source.get_token());
        while (!end.has_come) {
            here.poll(Wait::none);
            there.poll(Wait::none);
        }
        if (end.error != nullptr) {
            std::rethrow_exception(end.error);
        }
    };
    int failures = 0;
    const int needed = fail_each_allocation(action, [&](bool has_thrown) {
        failures += has_thrown ? 1 : 0;
        CHECK(living == 0);
    });
    CHECK(needed > 10);
    CHECK(failures > 10);
    CHECK(living == 0);
}

TEST_CASE("awaiting allocates nothing but the frames of tasks, once its context has had as many handles") {
    Context context;
    // What is made once for timers of any distance: how far one of no time at all reaches depends on the hour.
    Timer timer(context, "far away", [] {});
    timer.arm_after(std::chrono::hours(24 * 365));
    timer.cancel();
    AsyncEvent event;
    Channel<int> channel(2);
    long before = 0;
    long after = -1;
    const auto body = [&]() -> Task<void> {
        for (int round = 0; round < 20; ++round) {
            if (round == 10) {
                before = live_blocks();
            }
            std::optional<FailingNew> failing;
            if (round >= 10) {
                failing.emplace(0);
            }
            co_await sleep_for(0ns);
            co_await this_task::yield();
            co_await channel.send(int{round});
            co_await channel.receive();
        }
        after = live_blocks();
    };
    run(context, body());
    CHECK(before == after);
}

}  // namespace nestling::testing
