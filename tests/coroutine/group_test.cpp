// SPDX-License-Identifier: MIT
// Several tasks at the same time, and a limit to their time (contracts F16.11).
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include "coroutine/running.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

namespace {

using namespace std::chrono_literals;

Task<int> after(std::chrono::nanoseconds delay, int value, Counted /*held*/) {
    co_await sleep_for(delay, Clock::virtual_time);
    co_return value;
}

Task<void> fail_after(std::chrono::nanoseconds delay, const char* what, Counted /*held*/) {
    co_await sleep_for(delay, Clock::virtual_time);
    throw std::runtime_error(what);
}

/// Ends late, whatever anybody asks for.
Task<int> stubborn(AsyncEvent& end, int value, Counted /*held*/) {
    const auto wait = [](AsyncEvent& event) -> Task<void> { co_await event.wait(); };
    co_await without_stop(wait(end));
    co_return value;
}

/// What became of a task that was spawned.
template <class T>
class Watched {
public:
    Watched(Context& context, Task<T> task, std::stop_token stop = {}) : context_(context) {
        spawn(
            context, "watched", std::move(task),
            [this](TaskOutcome<T> outcome) { outcome_.emplace(std::move(outcome)); }, std::move(stop));
        settle();
    }
    /// Runs everything that can run now.
    void settle() {
        while (context_.poll(Wait::none)) {
        }
    }
    void advance(std::chrono::nanoseconds step) {
        context_.advance_virtual_time(step);
        settle();
    }
    [[nodiscard]] bool has_ended() const { return outcome_.has_value(); }
    [[nodiscard]] bool was_cancelled() const { return has_ended() && outcome_->cancelled(); }
    decltype(auto) value() { return outcome_->value(); }
    [[nodiscard]] std::string error() {
        try {
            outcome_->value();
        } catch (const std::exception& error) {
            return error.what();
        }
        return "";
    }

private:
    Context& context_;
    std::optional<TaskOutcome<T>> outcome_;
};

}  // namespace

TEST_CASE("when_all gives all values when the last task has ended, in the order of the tasks") {
    Context context;
    int living = 0;
    const auto text = [](std::string value) -> Task<std::string> { co_return value; };
    const auto nothing = []() -> Task<void> { co_return; };
    Watched<std::tuple<int, std::string, std::monostate, int>> all(
        context, when_all(after(2s, 1, Counted(living)), text("two"), nothing(), after(1s, 3, Counted(living))));
    CHECK_FALSE(all.has_ended());
    all.advance(1s);
    CHECK_FALSE(all.has_ended());
    all.advance(1s);
    REQUIRE(all.has_ended());
    CHECK(all.value() == std::tuple<int, std::string, std::monostate, int>(1, "two", {}, 3));
    CHECK(living == 0);
}

TEST_CASE("when_all of a vector, also of an empty one and of tasks that end at once") {
    Context context;
    int living = 0;
    std::vector<Task<int>> tasks;
    for (int value = 0; value < 100; ++value) {
        tasks.push_back(after(value % 3 * 1s, value, Counted(living)));
    }
    Watched<std::vector<int>> all(context, when_all(std::move(tasks)));
    all.advance(2s);
    REQUIRE(all.has_ended());
    REQUIRE(all.value().size() == 100);
    CHECK(all.value()[0] == 0);
    CHECK(all.value()[99] == 99);
    CHECK(living == 0);
    CHECK(run(context, when_all(std::vector<Task<int>>())).empty());
}

TEST_CASE("the first error of when_all stops the others, which are waited for") {
    Context context;
    int living = 0;
    AsyncEvent end;
    Watched<std::tuple<int, std::monostate, int, std::monostate>> all(
        context, when_all(after(1h, 1, Counted(living)), fail_after(1s, "first", Counted(living)),
                          stubborn(end, 1, Counted(living)), fail_after(2s, "second", Counted(living))));
    all.advance(1s);
    CHECK_FALSE(all.has_ended());
    end.set();
    all.settle();
    REQUIRE(all.has_ended());
    CHECK(all.error() == "first");
    CHECK(living == 0);
    // Whoever was stopped has left no timer.
    context.advance_virtual_time(2h);
    CHECK_FALSE(context.poll(Wait::none));
}

TEST_CASE("when_any gives the first that ends; the others are stopped and waited for") {
    Context context;
    int living = 0;
    AsyncEvent end;
    SECTION("a value") {
        Watched<std::variant<int, int, int>> any(
            context,
            when_any(after(2s, 1, Counted(living)), after(1s, 2, Counted(living)), stubborn(end, 3, Counted(living))));
        any.advance(1s);
        CHECK_FALSE(any.has_ended());
        end.set();
        any.settle();
        REQUIRE(any.has_ended());
        CHECK(any.value().index() == 1);
        CHECK(std::get<1>(any.value()) == 2);
    }
    SECTION("an exception") {
        Watched<std::variant<int, std::monostate>> any(
            context, when_any(after(2s, 1, Counted(living)), fail_after(1s, "first", Counted(living))));
        any.advance(1s);
        CHECK(any.error() == "first");
    }
    SECTION("of a vector") {
        std::vector<Task<int>> tasks;
        for (int value = 0; value < 10; ++value) {
            tasks.push_back(after((10 - value) * 1s, value, Counted(living)));
        }
        Watched<FirstOf<int>> any(context, when_any(std::move(tasks)));
        any.advance(1s);
        REQUIRE(any.has_ended());
        CHECK(any.value().index == 9);
        CHECK(any.value().value == 9);
        CHECK_THROWS_AS(when_any(std::vector<Task<int>>()), std::logic_error);
    }
    SECTION("one that ends at once") {
        Watched<std::variant<int, int>> any(context,
                                            when_any(after(0s, 1, Counted(living)), after(1h, 2, Counted(living))));
        any.settle();
        REQUIRE(any.has_ended());
        CHECK(any.value().index() == 0);
    }
    CHECK(living == 0);
    CHECK_FALSE(context.poll(Wait::none));
}

TEST_CASE("empty tasks are refused before any task has begun") {
    Context context;
    int living = 0;
    CHECK_THROWS_AS(when_all(after(1s, 1, Counted(living)), Task<int>()), std::logic_error);
    CHECK_THROWS_AS(when_any(after(1s, 1, Counted(living)), Task<int>()), std::logic_error);
    CHECK(living == 0);
}

TEST_CASE("a request to stop reaches all of a group, which has ended then") {
    Context context;
    int living = 0;
    std::stop_source source;
    Watched<std::tuple<int, std::variant<int, int>>> all(
        context,
        when_all(after(1h, 1, Counted(living)),
                 when_any(after(1h, 2, Counted(living)), with_timeout(1min, after(1h, 3, Counted(living))))),
        source.get_token());
    CHECK(living > 0);
    source.request_stop();
    all.settle();
    CHECK(all.was_cancelled());
    CHECK(living == 0);
}

TEST_CASE("a group that is destroyed destroys its tasks") {
    Context context;
    int living = 0;
    {
        const TaskHandle handle =
            spawn_held(context, "group",
                       when_all(after(1h, 1, Counted(living)),
                                when_any(after(1h, 2, Counted(living)),
                                         with_timeout(1h, after(1h, 3, Counted(living)), Clock::virtual_time))));
        context.poll(Wait::none);
        CHECK(living > 0);
    }
    CHECK(living == 0);
    context.advance_virtual_time(2h);
    CHECK_FALSE(context.poll(Wait::none));
}

TEST_CASE("with_timeout gives what ends in time, and throws timed_out otherwise, when the task has ended", "[F16.11]") {
    Context context;
    int living = 0;
    SECTION("in time") {
        Watched<int> task(context, with_timeout(2s, after(1s, 7, Counted(living)), Clock::virtual_time));
        task.advance(1s);
        CHECK(task.value() == 7);
    }
    SECTION("too late") {
        Watched<int> task(context, with_timeout(1s, after(2s, 7, Counted(living)), Clock::virtual_time));
        task.advance(1s);
        REQUIRE(task.has_ended());
        CHECK(code_of([&] { task.value(); }) == std::errc::timed_out);
    }
    SECTION("too late, and the task that is stopped takes its time and has a value after all") {
        AsyncEvent end;
        Watched<int> task(context, with_timeout(1s, stubborn(end, 8, Counted(living)), Clock::virtual_time));
        task.advance(1s);
        CHECK_FALSE(task.has_ended());
        end.set();
        task.settle();
        CHECK(task.value() == 8);
    }
    SECTION("an error of the task") {
        Watched<void> task(context, with_timeout(2s, fail_after(1s, "error", Counted(living)), Clock::virtual_time));
        task.advance(1s);
        CHECK(task.error() == "error");
    }
    SECTION("stopped from outside: that is no timeout") {
        std::stop_source source;
        Watched<int> task(context, with_timeout(1s, after(2s, 7, Counted(living)), Clock::virtual_time),
                          source.get_token());
        source.request_stop();
        task.settle();
        CHECK(task.was_cancelled());
    }
    SECTION("the inner of two limits, which is the shorter one") {
        Watched<int> task(context,
                          with_timeout(2s, with_timeout(1s, after(3s, 7, Counted(living)), Clock::virtual_time),
                                       Clock::virtual_time));
        task.advance(1s);
        CHECK(code_of([&] { task.value(); }) == std::errc::timed_out);
    }
    SECTION("on the monotonic clock") {
        Watched<int> task(context, with_timeout(1ms, after(1h, 7, Counted(living))));
        poll_until(context, [&] { return task.has_ended(); });
        CHECK(code_of([&] { task.value(); }) == std::errc::timed_out);
    }
    CHECK(living == 0);
    context.advance_virtual_time(1h);
    CHECK_FALSE(context.poll(Wait::none));
}

TEST_CASE("without_stop keeps requests from a task, and what comes after it hears of them") {
    Context context;
    int living = 0;
    std::stop_source source;
    const auto body = [&]() -> Task<int> {
        source.request_stop();
        const int value = co_await without_stop(after(1s, 5, Counted(living)));
        CHECK((co_await this_task::stop_token()).stop_requested());
        co_return value;
    };
    Watched<int> task(context, body(), source.get_token());
    CHECK_FALSE(task.has_ended());
    task.advance(1s);
    CHECK(task.value() == 5);
}

}  // namespace nestling::testing
