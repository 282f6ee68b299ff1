// SPDX-License-Identifier: MIT
// Handlers that other threads add, change and remove while the home thread works or sleeps.
#include <nestling/nestling.hpp>

#include <atomic>
#include <chrono>
#include <optional>
#include <thread>

#include "support/descriptors.hpp"
#include "support/gate.hpp"
#include "support/syscall_counter.hpp"
#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;

TEST_CASE("a handler that another thread adds or unmutes is watched although the loop sleeps",
          "[fd][threads][B-16][B-22]") {
    TestLoop loop(each_configuration());
    const Ends ends;
    ends.put();
    int calls = 0;
    std::optional<FdHandler> handler;
    std::uint64_t asleep = sleeps_begun();
    std::thread adder([&] {
        wait_until_asleep(asleep);
        handler.emplace(loop.context(), ends.near(), "late", FdCallbacks{.read = [&] { ++calls; }});
    });
    loop.run_until([&] { return calls == 1; });
    adder.join();

    REQUIRE_FALSE(handler->watch(Interest::none));
    loop.run_until_quiet();
    const int muted_calls = calls;
    asleep = sleeps_begun();
    std::error_code error = std::make_error_code(std::errc::not_supported);
    std::thread unmuter([&] {
        wait_until_asleep(asleep);
        error = handler->watch(Interest::read);
    });
    loop.run_until([&] { return calls > muted_calls; });
    unmuter.join();
    CHECK_FALSE(error);
}

TEST_CASE("a hook that another thread adds is asked although the loop sleeps", "[fd][threads][hooks][B-16]") {
    TestLoop loop(each_configuration());
    const Ends ends;
    int ready_calls = 0;
    FdHandler handler;
    const std::uint64_t asleep = sleeps_begun();
    std::thread adder([&] {
        wait_until_asleep(asleep);
        handler =
            FdHandler(loop.context(), ends.near(), "hooked",
                      {.read = [] {}, .poll = [&] { return ready_calls == 0; }, .poll_ready = [&] { ++ready_calls; }});
    });
    loop.run_until([&] { return ready_calls == 1; });
    adder.join();
    CHECK(ready_calls == 1);
}

TEST_CASE("remove_and_wait() on another thread returns when the running callback has ended, and none comes after",
          "[fd][threads][F6.7][B-20]") {
    TestLoop loop(each_configuration());
    const Ends ends;
    Gate inside;
    std::atomic<bool> has_ended{false};
    std::atomic<int> calls{0};
    bool ended_before_return = false;
    int calls_at_return = -1;
    std::atomic<bool> is_removed{false};
    FdHandler handler(loop.context(), ends.near(), "busy", {.read = [&] {
                          ++calls;
                          inside.open();
                          // Long enough for a removal that does not wait to get through.
                          const auto until = clock_now(Clock::monotonic) + std::chrono::milliseconds(2);
                          while (clock_now(Clock::monotonic) < until) {
                              std::this_thread::yield();
                          }
                          has_ended = true;
                      }});
    ends.put();
    std::thread remover([&] {
        inside.wait();
        handler.remove_and_wait();
        ended_before_return = has_ended;
        calls_at_return = calls;
        is_removed = true;
        loop.context().notify();
        loop.context().post("removed", [] {});
    });
    loop.run_until([&] { return is_removed.load(); });
    remover.join();
    loop.run_until_quiet();
    CHECK(ended_before_return);
    CHECK(calls == calls_at_return);
    CHECK_FALSE(static_cast<bool>(handler));
}

TEST_CASE("the completion of a removal runs at home, after the callback that removes, and once",
          "[fd][threads][F6.7]") {
    TestLoop loop(each_configuration());
    const Ends ends;
    std::string order;
    FdHandler handler;
    handler = FdHandler(loop.context(), ends.near(), "self", {.read = [&] {
                            handler.remove([&] { order += "removed"; });
                            order += "still inside, ";
                        }});
    ends.put();
    CHECK(loop.block());
    loop.run_until_quiet();
    CHECK(order == "still inside, removed");

    FdHandler other(loop.context(), ends.near(), "other", {.read = [] {}});
    bool was_home = false;
    std::thread remover([&] { other.remove([&] { was_home = loop.context().is_home(); }); });
    remover.join();
    loop.run_until([&] { return was_home; });
    CHECK(was_home);
}

TEST_CASE("a removal asked for between two iterations is complete before the loop sleeps",
          "[fd][threads][F6.7][B-39]") {
    TestLoop loop(each_configuration());
    const Ends ends;
    bool removed = false;
    FdHandler handler(loop.context(), ends.near(), "removed", {.read = [] {}});
    loop.run_until_quiet();
    std::thread([&] { handler.remove([&] { removed = true; }); }).join();
    const std::uint64_t before = sleeps_begun();
    loop.block();
    CHECK(removed);
    CHECK(sleeps_begun() == before);
}

TEST_CASE("a handler replaced by another thread is called as a whole, old or new",
          "[fd][threads][stress][B-20][F6.3]") {
    TestLoop loop(each_configuration());
    const Ends ends;
    ends.put();
    constexpr int replacements = 1000;
    int mixed = 0;
    int calls = 0;
    int latest = 0;
    // Each closure owns a pair that must match, and that is gone with the closure.
    const auto callbacks = [&](int number) {
        return FdCallbacks{.read = [&, first = std::make_unique<int>(number), second = std::make_unique<int>(number)] {
            mixed += *first == *second ? 0 : 1;
            mixed += *first < latest ? 1 : 0;
            latest = *first;
            ++calls;
        }};
    };
    FdHandler handler(loop.context(), ends.near(), "replaced", callbacks(0));
    std::atomic<int> refused{0};
    std::thread replacer([&] {
        for (int number = 1; number <= replacements; ++number) {
            if (handler.set(callbacks(number))) {
                ++refused;
            }
        }
    });
    loop.run_until([&] { return latest == replacements; });
    replacer.join();
    CHECK(mixed == 0);
    CHECK(refused == 0);
    CHECK(calls >= 1);
}
