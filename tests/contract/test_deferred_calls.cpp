// SPDX-License-Identifier: MIT
#include <nestling/nestling.hpp>

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;

TEST_CASE("a deferred call is made at once outside of sections, and once at the end of the outermost",
          "[defer][F18.1]") {
    TestLoop loop(each_configuration());
    std::string calls;
    DeferredCall first(loop.context(), "first", [&] { calls += '1'; });
    DeferredCall second(loop.context(), "second", [&] { calls += '2'; });
    first.call();
    CHECK(calls == "1");
    {
        const DeferSection outer(loop.context());
        second.call();
        {
            const DeferSection inner(loop.context());
            first.call();
            second.call();
        }
        first.call();
        CHECK(calls == "1");
    }
    CHECK(calls == "121");
}

TEST_CASE("what deferred calls put off is made behind them, each once", "[defer][F18.3]") {
    TestLoop loop(each_configuration());
    std::string calls;
    std::unique_ptr<DeferredCall> second;
    DeferredCall first(loop.context(), "first", [&] {
        const DeferSection section(loop.context());
        calls += '1';
        second->call();
        calls += '-';
    });
    second = std::make_unique<DeferredCall>(loop.context(), "second", [&] { calls += '2'; });
    {
        const DeferSection section(loop.context());
        first.call();
        second->call();
    }
    CHECK(calls == "1-2");
    {
        const DeferSection section(loop.context());
        second->call();
        first.call();
    }
    CHECK(calls == "1-221-2");
}

TEST_CASE("a poll() inside a section makes what was put off, and its callbacks are outside",
          "[defer][F18.2][B-46][B-56]") {
    TestLoop loop(each_configuration());
    std::string calls;
    DeferredCall submit(loop.context(), "submit", [&] { calls += 's'; });
    {
        const DeferSection section(loop.context());
        submit.call();
        bool done = false;
        loop.context().post("post", [&] {
            calls += 'p';
            submit.call();
            done = true;
        });
        while (!done) {
            loop.context().poll(Wait::block);
        }
        CHECK(calls == "sps");
        submit.call();
        CHECK(calls == "sps");
    }
    CHECK(calls == "spss");
}

TEST_CASE("completions that a pool delivers together are one section", "[defer][pool][F18.4]") {
    TestLoop loop(each_configuration());
    const auto pool = std::make_shared<ThreadPool>(ThreadPoolOptions{.max_threads = 1});
    WorkQueue queue(loop.context(), pool, "queue");
    int submits = 0;
    int done = 0;
    DeferredCall submit(loop.context(), "submit", [&] { ++submits; });
    constexpr int jobs = 5;
    std::atomic<int> ended{0};
    for (int job = 0; job != jobs; ++job) {
        REQUIRE_FALSE(queue.submit([&] { ended.fetch_add(1, std::memory_order_seq_cst); },
                                   [&](Outcome<void>) {
                                       ++done;
                                       submit.call();
                                   }));
    }
    while (ended.load(std::memory_order_seq_cst) != jobs) {
        std::this_thread::yield();
    }
    const std::uint64_t before = loop.statistics().bottom_halves_run;
    loop.run_until([&] { return done == jobs; });
    const std::uint64_t deliveries = loop.statistics().bottom_halves_run - before;
    CHECK(submits >= 1);
    CHECK(static_cast<std::uint64_t>(submits) <= deliveries);
}

TEST_CASE("a deferred call that is destroyed is not made, and may go in its own call", "[defer]") {
    TestLoop loop(each_configuration());
    std::string calls;
    auto token = std::make_shared<int>(0);
    std::unique_ptr<DeferredCall> own;
    {
        const DeferSection section(loop.context());
        DeferredCall last(loop.context(), "last", [&] { calls += 'l'; });
        auto gone = std::make_unique<DeferredCall>(loop.context(), "gone", [&] { calls += 'g'; });
        own = std::make_unique<DeferredCall>(loop.context(), "own", [&, token] {
            own.reset();
            calls += token == nullptr ? '?' : 'o';
        });
        gone->call();
        own->call();
        last.call();
        gone.reset();
    }
    CHECK(calls == "o");
    CHECK(token.use_count() == 1);
}

TEST_CASE("a deferred call that throws is handed over with its name", "[defer]") {
    std::string thrower;
    ContextOptions options;
    options.on_exception = [&](const std::exception_ptr&, const char* handle) { thrower = handle; };
    TestLoop loop(each_configuration(), options);
    DeferredCall call(loop.context(), "thrower", [] { throw 1; });
    {
        const DeferSection section(loop.context());
        call.call();
    }
    CHECK(thrower == "thrower");
}
