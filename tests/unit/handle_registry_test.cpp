// SPDX-License-Identifier: MIT
#include "loop/handle_registry.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <string>
#include <thread>
#include <vector>

#include <nestling/bottom_half.hpp>
#include <nestling/context.hpp>
#include <nestling/fd_handler.hpp>
#include <nestling/timer.hpp>

#include "loop/context_core.hpp"
#include "support/descriptors.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

namespace {

std::string names(Context& context) {
    return context.core().handles().names();
}

}  // namespace

TEST_CASE("a registry without handles names nothing") {
    Context context;
    CHECK(names(context).empty());
}

TEST_CASE("a registry names every living handle in quotes, whatever its kind") {
    Context context;
    const Ends ends;
    {
        const Timer timer(context, "timer", [] {});
        CHECK(names(context) == "\"timer\"");
        const BottomHalf bottom_half(context, "bottom half", [] {});
        CHECK(names(context) == "\"bottom half\", \"timer\"");
        const FdHandler handler(context, ends.near(), "handler", FdCallbacks());
        CHECK(names(context) == "\"bottom half\", \"handler\", \"timer\"");
    }
    CHECK(names(context).empty());
}

TEST_CASE("handles leave the registry in any order, and those with equal names are told apart") {
    Context context;
    std::deque<BottomHalf> handles;
    for (const char* name : {"same", "same", "other", "same", "same", "same"}) {
        handles.emplace_back(context, name, [] {});
    }
    for (const std::size_t index : {0U, 5U, 3U, 1U, 4U}) {
        handles[index] = BottomHalf();
    }
    CHECK(names(context) == "\"other\"");
    handles[0] = BottomHalf(context, "same", [] {});
    handles[2] = BottomHalf();
    CHECK(names(context) == "\"same\"");
}

TEST_CASE("a handle is not named once it is gone, although its node waits for the home thread") {
    Context context;
    const Ends ends;
    BottomHalf bottom_half(context, "bottom half", [] {});
    FdHandler handler(context, ends.near(), "handler", FdCallbacks());
    Timer timer(context, "timer", [] {});
    std::thread([&] {
        bottom_half = BottomHalf();
        handler = FdHandler();
        timer = Timer();
    }).join();
    CHECK(names(context).empty());
}

TEST_CASE("handles come and go on several threads at once") {
    Context context;
    const BottomHalf survivor(context, "survivor", [] {});
    std::vector<std::thread> threads;
    for (int index = 0; index < 3; ++index) {
        threads.emplace_back([&context] {
            for (int round = 0; round < 50; ++round) {
                std::deque<BottomHalf> handles;
                std::deque<Timer> timers;
                for (int count = 0; count < 8; ++count) {
                    handles.emplace_back(context, "passing", [] {});
                    timers.emplace_back(context, "passing", [] {});
                }
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    CHECK(names(context) == "\"survivor\"");
    context.poll(Wait::none);
    CHECK(names(context) == "\"survivor\"");
}

TEST_CASE("a bottom half runs while other threads create and destroy handles of its context") {
    // Under ThreadSanitizer: nodes of both threads lie in one slab.
    Context context;
    int calls = 0;
    std::atomic<bool> is_done{false};
    std::thread other([&] {
        for (int round = 0; round < 2000; ++round) {
            const BottomHalf first(context, "first", [] {});
            const BottomHalf second(context, "second", [] {});
        }
        is_done.store(true);
        context.notify();
    });
    int expected = 0;
    while (!is_done.load()) {
        BottomHalf mine(context, "mine", [&calls] { ++calls; });
        for (int round = 0; round < 20; ++round) {
            mine.schedule();
            ++expected;
            context.poll(Wait::none);
        }
    }
    other.join();
    context.poll(Wait::none);
    CHECK(calls == expected);
}

}  // namespace nestling::testing
