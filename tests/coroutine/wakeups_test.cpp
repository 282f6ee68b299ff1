// SPDX-License-Identifier: MIT
// Waking: once for each suspension, never on top of each other (contracts F16.1, F16.2, F16.4, F16.13, T13; traps B-45,
// B-46, B-61).
#include <csignal>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "coroutine/running.hpp"
#include "support/child_process.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

namespace {

using namespace std::chrono_literals;

/// An awaiter as somebody might write one: it can be resumed by who made it.
class Door : async::Suspension {
public:
    Door() noexcept = default;
    [[nodiscard]] static bool await_ready() noexcept { return false; }
    template <async::TaskPromise Promise>
    void await_suspend(std::coroutine_handle<Promise> task) {
        CHECK(begin(task.promise()));
        suspend();
    }
    void await_resume() { finish(); }
    void open() { resume(); }
};

}  // namespace

TEST_CASE("twenty-five thousand tasks that wake each other do not nest", "[T13][F16.4][B-61]") {
    constexpr std::size_t count = 25'000;
    Context context;
    std::vector<AsyncEvent> events(count);
    std::vector<std::size_t> order;
    int depth = 0;
    int deepest = 0;
    const auto body = [&](std::size_t number) -> Task<void> {
        co_await events[number].wait();
        deepest = std::max(deepest, ++depth);
        order.push_back(number);
        if (number + 1 != count) {
            events[number + 1].set();
        }
        --depth;
    };
    for (std::size_t number = 0; number < count; ++number) {
        spawn(context, "task", body(number));
    }
    context.poll(Wait::none);
    events[0].set();
    CHECK(order.empty());
    poll_until(context, [&] { return order.size() == count; });
    CHECK(deepest == 1);
    CHECK(order.front() == 0);
    CHECK(order.back() == count - 1);
}

TEST_CASE("two tasks wake each other twenty-five thousand times", "[T13][B-61]") {
    Context context;
    Channel<int> there(1);
    Channel<int> back(1);
    const auto answer = [&]() -> Task<void> {
        while (const std::optional<int> number = co_await there.receive()) {
            co_await back.send(*number + 1);
        }
    };
    const auto ask = [&]() -> Task<int> {
        int number = 0;
        for (int round = 0; round < 25'000; ++round) {
            co_await there.send(std::move(number));
            number = *co_await back.receive();
        }
        there.close();
        co_return number;
    };
    spawn(context, "answer", answer());
    CHECK(run(context, ask()) == 25'000);
    while (context.poll(Wait::none)) {
    }
}

TEST_CASE("who wakes a task is not interrupted by it: it goes on in the next iteration", "[F16.2][B-46]") {
    Context context;
    AsyncEvent event;
    std::vector<int> order;
    const auto waiting = [&]() -> Task<void> {
        co_await event.wait();
        order.push_back(3);
    };
    const auto waking = [&]() -> Task<void> {
        order.push_back(1);
        event.set();
        order.push_back(2);
        co_return;
    };
    spawn(context, "waiting", waiting());
    context.poll(Wait::none);
    spawn(context, "waking", waking());
    context.poll(Wait::none);
    CHECK(order == std::vector<int>{1, 2});
    context.poll(Wait::none);
    CHECK(order == std::vector<int>{1, 2, 3});
}

TEST_CASE("many reasons to wake a task wake it once: each suspension ends once", "[B-45][F16.13]") {
    Context context;
    int resumed = 0;
    std::stop_source source;
    AsyncEvent event;
    const auto body = [&]() -> Task<void> {
        // Its time is up, and it is stopped, in the same iteration.
        try {
            co_await sleep_for(1s, Clock::virtual_time);
        } catch (const std::system_error&) {
        }
        ++resumed;
        const auto rest = [](AsyncEvent& end) -> Task<void> { co_await end.wait(); };
        // What is left of the first must not wake the second.
        co_await without_stop(rest(event));
        ++resumed;
    };
    // Due just before the sleep is over, so the request comes when nothing can take it back but the task itself.
    Timer stopper(
        context, "stopper", [&] { source.request_stop(); }, Clock::virtual_time);
    const int order = GENERATE(0, 1, 2);
    if (order == 2) {
        stopper.arm_after(1s);
    }
    spawn(context, "task", body(), {}, source.get_token());
    context.poll(Wait::none);
    if (order == 1) {
        source.request_stop();
    }
    context.advance_virtual_time(1s);
    if (order == 0) {
        source.request_stop();
    }
    while (context.poll(Wait::none)) {
    }
    CHECK(resumed == 1);
    event.set();
    while (context.poll(Wait::none)) {
    }
    CHECK(resumed == 2);
}

TEST_CASE("a task that is resumed twice for one suspension aborts with its name", "[F16.1][F16.4][B-44]") {
    const ChildEnd end = run_in_child([] {
        Context context;
        Door door;
        const auto body = [](Door& waited) -> Task<void> {
            co_await waited;
            co_await sleep_for(1h);
        };
        spawn(context, "the twice resumed", body(door));
        context.poll(Wait::none);
        door.open();
        door.open();
        return 0;
    });
    CHECK(end.signal == SIGABRT);
    CHECK(end.says("the twice resumed"));
    CHECK(end.says("resumed twice"));
}

TEST_CASE("a task that is resumed on another thread than its home aborts", "[B-44]") {
    const ChildEnd end = run_in_child([] {
        ContextOptions options;
        options.name = "the context of the task";
        Context context(options);
        Door door;
        const auto body = [](Door& waited) -> Task<void> { co_await waited; };
        spawn(context, "task", body(door));
        context.poll(Wait::none);
        std::thread([&] { door.open(); }).join();
        return 0;
    });
    CHECK(end.signal == SIGABRT);
    CHECK(end.says("the context of the task"));
    CHECK(end.says("a task is resumed"));
}

}  // namespace nestling::testing
