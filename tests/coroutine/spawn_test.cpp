// SPDX-License-Identifier: MIT
// Running a task on a context: from any thread, held and not held (contracts F16.1, F16.3, T14).
#include <csignal>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "coroutine/running.hpp"
#include "support/child_process.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

namespace {

/// Waits until it is destroyed or stopped, and holds something meanwhile.
Task<void> wait_for_ever(Counted /*held*/) {
    AsyncEvent never;
    co_await never.wait();
}

Task<void> nested(int depth, Counted held) {
    if (depth == 0) {
        co_await wait_for_ever(std::move(held));
    } else {
        co_await nested(depth - 1, std::move(held));
    }
}

Task<void> fail(const char* what) {
    throw std::runtime_error(what);
    co_return;
}

}  // namespace

TEST_CASE("a task spawned from a thread without a context runs on the home thread, and needs one blocking poll",
          "[F16.1][T14]") {
    Context context;
    std::thread::id ran;
    const auto body = [&ran]() -> Task<void> {
        ran = std::this_thread::get_id();
        co_return;
    };
    std::thread([&] { spawn(context, "task", body()); }).join();
    CHECK(ran == std::thread::id());
    CHECK(context.poll(Wait::block));
    CHECK(ran == std::this_thread::get_id());
    CHECK_FALSE(context.poll(Wait::none));
}

TEST_CASE("tasks begin in the order in which they were spawned", "[F16.1]") {
    Context context;
    std::vector<int> order;
    std::vector<int> expected;
    const auto body = [&order](int number) -> Task<void> {
        order.push_back(number);
        co_return;
    };
    for (int number = 0; number < 100; ++number) {
        spawn(context, "task", body(number));
        expected.push_back(number);
    }
    context.poll(Wait::none);
    CHECK(order == expected);
}

TEST_CASE("what nobody hears of goes to on_exception, under the name of the task") {
    std::vector<std::string> thrown;
    ContextOptions options;
    options.on_exception = [&](const std::exception_ptr& error, const char* handle) {
        try {
            std::rethrow_exception(error);
        } catch (const std::runtime_error& caught) {
            thrown.push_back(std::string(handle) + ": " + caught.what());
        }
    };
    Context context(options);
    spawn(context, "first", fail("unheard"));
    context.poll(Wait::none);
    CHECK(thrown == std::vector<std::string>{"first: unheard"});
    spawn(context, "second", fail("heard"), [](const Outcome<void>& outcome) { CHECK(outcome.failed()); });
    context.poll(Wait::none);
    CHECK(thrown.size() == 1);
    spawn(context, "third", fail("heard"), [](const Outcome<void>&) { throw std::runtime_error("of the callback"); });
    context.poll(Wait::none);
    CHECK(thrown.back() == "third: of the callback");
}

TEST_CASE("what the task held is released before its end is told") {
    Context context;
    int living = 0;
    int living_at_end = -1;
    const auto body = [](Counted /*held*/) -> Task<void> { co_return; };
    spawn(context, "task", body(Counted(living)), [&](const Outcome<void>&) { living_at_end = living; });
    context.poll(Wait::none);
    CHECK(living_at_end == 0);
}

TEST_CASE("a task that is stopped is neither a value nor a failure, also when nobody hears of it") {
    Context context;
    int living = 0;
    std::stop_source source;
    spawn(context, "unheard", wait_for_ever(Counted(living)), {}, source.get_token());
    bool was_cancelled = false;
    spawn(
        context, "heard", wait_for_ever(Counted(living)),
        [&](const Outcome<void>& outcome) { was_cancelled = outcome.cancelled() && !outcome.failed(); },
        source.get_token());
    context.poll(Wait::none);
    CHECK(living == 2);
    source.request_stop();
    CHECK(living == 2);
    CHECK(context.poll(Wait::none));
    CHECK(living == 0);
    CHECK(was_cancelled);
}

TEST_CASE("a held task is destroyed with its handle, with all that it waits for, and its end is not told") {
    Context context;
    int living = 0;
    int told = 0;
    const int depth = GENERATE(0, 1, 10);
    {
        const TaskHandle handle =
            spawn_held(context, "task", nested(depth, Counted(living)), [&](const Outcome<void>&) { ++told; });
        CHECK(handle);
        if (GENERATE(true, false)) {
            context.poll(Wait::none);
        }
        CHECK(living > 0);
    }
    CHECK(living == 0);
    CHECK(told == 0);
    CHECK_FALSE(context.poll(Wait::none));
}

TEST_CASE("a chain of a hundred thousand suspended tasks is destroyed in the stack of one", "[F16.4]") {
    Context context;
    int living = 0;
    {
        const TaskHandle handle = spawn_held(context, "task", nested(100'000, Counted(living)));
        context.poll(Wait::none);
        CHECK(living > 0);
    }
    CHECK(living == 0);
}

TEST_CASE("a chain of a hundred thousand tasks ends in the stack of one", "[F16.4][B-61]") {
    Context context;
    struct Chain {
        static Task<int> link(int depth, AsyncEvent& go) {
            if (depth == 0) {
                co_await go.wait();
                co_return 1;
            }
            co_return 1 + co_await link(depth - 1, go);
        }
    };
    AsyncEvent go;
    context.post("go", [&go] { go.set(); });
    CHECK(run(context, Chain::link(100'000, go)) == 100'001);
}

TEST_CASE("a handle can be moved, and knows when its task has ended") {
    Context context;
    int living = 0;
    std::stop_source unused;
    TaskHandle first = spawn_held(context, "task", wait_for_ever(Counted(living)));
    TaskHandle second(std::move(first));
    CHECK_FALSE(first);
    CHECK(second);
    TaskHandle third;
    third = std::move(second);
    context.poll(Wait::none);
    CHECK(living == 1);
    third.request_stop();
    context.poll(Wait::none);
    CHECK(living == 0);
    CHECK_FALSE(third);
    TaskHandle other = spawn_held(context, "other", wait_for_ever(Counted(living)));
    third = std::move(other);
    CHECK(living == 1);
    third = TaskHandle();
    CHECK(living == 0);
}

TEST_CASE("a handle that is destroyed by its own task destroys it when it suspends next") {
    Context context;
    int living = 0;
    int after = 0;
    std::unique_ptr<TaskHandle> handle;
    const auto body = [&](Counted /*held*/) -> Task<void> {
        handle.reset();
        ++after;
        AsyncEvent never;
        co_await never.wait();
        ++after;
    };
    handle = std::make_unique<TaskHandle>(spawn_held(context, "task", body(Counted(living))));
    context.poll(Wait::none);
    CHECK(after == 1);
    CHECK(living == 0);
    const auto ending = [&](Counted /*held*/) -> Task<void> {
        handle.reset();
        co_return;
    };
    bool is_told = false;
    handle = std::make_unique<TaskHandle>(
        spawn_held(context, "task", ending(Counted(living)), [&](const Outcome<void>&) { is_told = true; }));
    context.poll(Wait::none);
    CHECK(living == 0);
    CHECK_FALSE(is_told);
}

TEST_CASE("a handle can be destroyed and made again by the callback that hears of the end of its task") {
    Context context;
    TaskHandle handle;
    int rounds = 0;
    struct Again {
        Context& context;
        TaskHandle& handle;
        int& rounds;
        static Task<void> body() { co_return; }
        void start() {
            handle = spawn_held(context, "task", body(), [this](const Outcome<void>&) {
                if (++rounds < 3) {
                    start();
                }
            });
        }
    } again{context, handle, rounds};
    again.start();
    poll_until(context, [&] { return rounds == 3; });
    CHECK_FALSE(handle);
}

TEST_CASE("a task may poll its own context, and others of it run meanwhile") {
    Context context;
    bool is_set = false;
    const auto other = [&]() -> Task<void> {
        is_set = true;
        co_return;
    };
    const auto polling = [&]() -> Task<bool> {
        spawn(context, "other", other());
        poll_until(context, [&] { return is_set; });
        co_return is_set;
    };
    CHECK(run(context, polling()));
}

TEST_CASE("a context that is destroyed before its tasks have ended names them and aborts", "[lifetime]") {
    const ChildEnd end = run_in_child([] {
        int living = 0;
        Context context;
        spawn(context, "the task that waits", wait_for_ever(Counted(living)));
        context.poll(Wait::none);
        return 0;
    });
    CHECK(end.signal == SIGABRT);
    CHECK(end.says("the task that waits"));
}

}  // namespace nestling::testing
