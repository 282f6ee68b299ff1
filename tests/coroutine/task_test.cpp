// SPDX-License-Identifier: MIT
// Contracts T73: what a task is, without anything to wait for but other tasks.
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "coroutine/running.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

namespace {

Task<int> number(int value) {
    co_return value;
}

Task<void> fail_with(std::string what) {
    throw std::runtime_error(what);
    co_return;
}

Task<std::int64_t> sum_of(int count) {
    std::int64_t sum = 0;
    for (int at = 1; at <= count; ++at) {
        sum += co_await number(at);
    }
    co_return sum;
}

Task<std::unique_ptr<int>> movable_only() {
    co_return std::make_unique<int>(7);
}

Task<int&> reference(int& value) {
    co_return value;
}

}  // namespace

TEST_CASE("a task does nothing until it is spawned, and then begins in the next iteration") {
    Context context;
    std::vector<int> order;
    const auto body = [&order]() -> Task<void> {
        order.push_back(1);
        co_return;
    };
    Task<void> task = body();
    CHECK(order.empty());
    spawn(context, "task", std::move(task), [&order](const Outcome<void>&) { order.push_back(2); });
    CHECK_FALSE(task);
    CHECK(order.empty());
    CHECK(context.poll(Wait::none));
    CHECK(order == std::vector<int>{1, 2});
    CHECK_FALSE(context.poll(Wait::none));
}

TEST_CASE("a task gives what it returns: values, what can only be moved, references, nothing") {
    Context context;
    CHECK(run(context, number(42)) == 42);
    CHECK(*run(context, movable_only()) == 7);
    int value = 1;
    const auto change = [](int& target) -> Task<int> {
        int& same = co_await reference(target);
        same = 2;
        co_return &same == &target ? 1 : 0;
    };
    CHECK(run(context, change(value)) == 1);
    CHECK(value == 2);
    std::optional<TaskOutcome<int&>> outcome;
    spawn(context, "reference", reference(value), [&](TaskOutcome<int&> got) { outcome.emplace(std::move(got)); });
    poll_until(context, [&] { return outcome.has_value(); });
    CHECK(&outcome->value().get() == &value);
}

TEST_CASE("what a task throws comes out where it is awaited") {
    Context context;
    const auto catching = []() -> Task<std::string> {
        try {
            co_await fail_with("inner");
        } catch (const std::runtime_error& error) {
            co_return std::string("caught ") + error.what();
        }
        co_return "nothing";
    };
    CHECK(run(context, catching()) == "caught inner");
    const auto passing = []() -> Task<void> { co_await fail_with("outer"); };
    try {
        run(context, passing());
        FAIL("nothing was thrown");
    } catch (const std::runtime_error& error) {
        CHECK(std::string(error.what()) == "outer");
    }
}

TEST_CASE("awaiting or spawning an empty task is a std::logic_error") {
    Context context;
    CHECK_THROWS_AS(spawn(context, "empty", Task<void>()), std::logic_error);
    const auto await_empty = []() -> Task<bool> {
        try {
            co_await Task<void>();
        } catch (const std::logic_error&) {
            co_return true;
        }
        co_return false;
    };
    CHECK(run(context, await_empty()));
}

TEST_CASE("a task that was never awaited releases what it was given") {
    int living = 0;
    const auto body = [](Counted /*held*/) -> Task<void> { co_return; };
    {
        const Task<void> task = body(Counted(living));
        CHECK(living == 1);
    }
    CHECK(living == 0);
}

TEST_CASE("a million tasks awaited one after the other take the stack of one") {
    Context context;
    CHECK(run(context, sum_of(1'000'000)) == 500'000'500'000);
}

}  // namespace nestling::testing
