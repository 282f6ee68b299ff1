// SPDX-License-Identifier: MIT
#include "loop/callback_stack.hpp"

#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/testing.hpp"

namespace nestling::testing {

namespace {

using loop::CallbackStack;

struct Stack {
    std::vector<std::string> thrown;
    loop::Reporter reporter{"test", nullptr, [this](const std::exception_ptr& error, const char* handle) {
                                try {
                                    std::rethrow_exception(error);
                                } catch (const std::exception& caught) {
                                    thrown.push_back(std::string(handle) + ": " + caught.what());
                                }
                            }};
    CallbackStack stack{reporter};
    int first = 0;
    int second = 0;
};

}  // namespace

TEST_CASE("an action for a node that is not running runs at once") {
    Stack test;
    int runs = 0;
    CHECK_FALSE(test.stack.is_running(&test.first));
    test.stack.when_done(&test.first, [&runs] { ++runs; });
    CHECK(runs == 1);
    const CallbackStack::Frame frame(test.stack, &test.second, "second");
    test.stack.when_done(&test.first, [&runs] { ++runs; });
    CHECK(runs == 2);
}

TEST_CASE("an action for a running node runs when the outermost of its calls returns") {
    Stack test;
    int runs = 0;
    {
        const CallbackStack::Frame outer(test.stack, &test.first, "first");
        {
            const CallbackStack::Frame other(test.stack, &test.second, "second");
            {
                const CallbackStack::Frame inner(test.stack, &test.first, "first");
                test.stack.when_done(&test.first, [&runs] { ++runs; });
                CHECK(runs == 0);
            }
            CHECK(runs == 0);
        }
        CHECK(runs == 0);
        CHECK(test.stack.is_running(&test.first));
        CHECK_FALSE(test.stack.is_running(&test.second));
    }
    CHECK(runs == 1);
    CHECK_FALSE(test.stack.is_calling());
}

TEST_CASE("actions run in the order in which they were asked for, when the node is not running any more") {
    Stack test;
    std::vector<int> order;
    bool was_running = true;
    {
        const CallbackStack::Frame frame(test.stack, &test.first, "first");
        test.stack.when_done(&test.first, [&] {
            order.push_back(1);
            was_running = test.stack.is_running(&test.first);
            // Nothing is running now: at once, also before the second.
            test.stack.when_done(&test.first, [&order] { order.push_back(2); });
        });
        test.stack.when_done(&test.first, [&order] { order.push_back(3); });
    }
    CHECK(order == std::vector<int>{1, 2, 3});
    CHECK_FALSE(was_running);
}

TEST_CASE("what a callback or an action throws is reported with the name of its handle, and the rest goes on") {
    Stack test;
    int runs = 0;
    {
        CallbackStack::Frame frame(test.stack, &test.first, "first");
        auto callback = [] { throw std::runtime_error("callback"); };
        frame.call(callback);
        test.stack.when_done(&test.first, [] { throw std::runtime_error("action"); });
        test.stack.when_done(&test.first, [&runs] { ++runs; });
    }
    CHECK(runs == 1);
    CHECK(test.thrown == std::vector<std::string>{"first: callback", "first: action"});
}

TEST_CASE("callbacks are timed when asked for, and the longest is remembered by a copy of its name") {
    Stack test;
    const auto call = [&test](std::string name, std::int64_t nanoseconds) {
        CallbackStack::Frame frame(test.stack, &test.first, name.c_str());
        auto callback = [nanoseconds] {
            const auto end = std::chrono::steady_clock::now() + std::chrono::nanoseconds(nanoseconds);
            while (std::chrono::steady_clock::now() < end) {
            }
        };
        frame.call(callback);
    };
    const auto longest = [&test] {
        Statistics statistics;
        test.stack.longest().tell(statistics);
        return statistics;
    };
    call("not timed", 1000);
    CHECK(longest().longest_callback.count() == 0);
    CHECK(std::string(longest().longest_callback_name).empty());
    test.stack.set_timed(true);
    call("timed", 1000);
    const std::int64_t first = longest().longest_callback.count();
    CHECK(first >= 1000);
    CHECK(std::string(longest().longest_callback_name) == "timed");
    call(std::string(100, 'n'), 2 * first);
    const Statistics second = longest();
    CHECK(second.longest_callback.count() >= 2 * first);
    CHECK(std::string(second.longest_callback_name) == std::string(47, 'n'));
    test.stack.set_timed(false);
    call("not timed", 2 * second.longest_callback.count());
    CHECK(longest().longest_callback == second.longest_callback);
}

}  // namespace nestling::testing
