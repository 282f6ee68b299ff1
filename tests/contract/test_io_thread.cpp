// SPDX-License-Identifier: MIT
#include <nestling/nestling.hpp>

#include <array>
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;

TEST_CASE("five loops each run a bottom half for a thread outside, stop, and outlive their threads",
          "[iothread][T32][T45][F19.1]") {
    const Configuration cell = each_configuration();
    TestLoop loop(cell);
    std::array<std::unique_ptr<IoThread>, 5> threads;
    std::array<std::shared_ptr<Context>, 5> contexts;
    std::atomic<int> right_thread{0};
    int answers = 0;
    for (std::size_t at = 0; at < threads.size(); ++at) {
        threads[at] = std::make_unique<IoThread>(options_for(cell));
        contexts[at] = threads[at]->context();
        CHECK_FALSE(contexts[at]->is_home());
    }
    for (const auto& context : contexts) {
        context->post("question", [&, raw = context.get()] {
            right_thread += raw->is_home() ? 1 : 0;
            loop.context().post("answer", [&] { ++answers; });
        });
    }
    loop.run_until([&] { return answers == 5; });
    CHECK(right_thread == 5);
    for (auto& thread : threads) {
        thread->stop();
        thread->stop();
        thread.reset();
    }
    // A context without a thread can be used here now.
    for (const auto& context : contexts) {
        context->adopt_home();
        int runs = 0;
        context->post("late", [&] { ++runs; });
        CHECK(context->poll(Wait::block));
        CHECK(runs == 1);
    }
}

TEST_CASE("stop() right after the start never hangs, and runs what was posted before it",
          "[iothread][stress][F19.4][B-9][B-10]") {
    const Configuration cell = each_configuration();
    std::atomic<int> runs{0};
    constexpr int rounds = 50;
    for (int round = 0; round < rounds; ++round) {
        IoThread thread(options_for(cell));
        thread.context()->post("first", [&] { ++runs; });
        thread.context()->post("second", [&] { ++runs; });
        thread.stop();
    }
    CHECK(runs == 2 * rounds);
}

TEST_CASE("a thread that is stopped while others notify it stops", "[iothread][stress][B-9]") {
    const Configuration cell = each_configuration();
    for (int round = 0; round < 20; ++round) {
        IoThread thread(options_for(cell));
        const std::shared_ptr<Context> context = thread.context();
        std::atomic<bool> is_over{false};
        std::thread noise([&] {
            while (!is_over) {
                context->notify();
            }
        });
        thread.stop();
        is_over = true;
        noise.join();
        CHECK_FALSE(context->is_home());
    }
}
