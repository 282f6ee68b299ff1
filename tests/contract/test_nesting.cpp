// SPDX-License-Identifier: MIT
#include <nestling/nestling.hpp>

#include <string>
#include <thread>
#include <vector>

#include "support/descriptors.hpp"
#include "support/syscall_counter.hpp"
#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;
using namespace std::chrono_literals;

TEST_CASE("poll() nests fifty deep in callbacks of bottom halves", "[nesting][F9.6]") {
    TestLoop loop(each_configuration());
    constexpr int depth_wanted = 50;
    int depth = 0;
    int deepest = 0;
    int runs = 0;
    int without_progress = 0;
    BottomHalf half;
    half = BottomHalf(loop.context(), "half", [&] {
        ++runs;
        deepest = std::max(deepest, ++depth);
        if (depth < depth_wanted) {
            half.schedule();
            without_progress += loop.context().poll(Wait::block) ? 0 : 1;
        }
        --depth;
    });
    half.schedule();
    CHECK(loop.block());
    CHECK(deepest == depth_wanted);
    CHECK(runs == depth_wanted);
    CHECK(without_progress == 0);
    CHECK_FALSE(loop.look());
}

TEST_CASE("poll() nests in callbacks of descriptors, timers, posts and completions alike", "[nesting][F9.6][F15.5]") {
    TestLoop loop(each_configuration());
    const auto pool = std::make_shared<ThreadPool>();
    WorkQueue queue(loop.context(), pool, "queue");
    const Ends ends;
    std::string order;
    bool inner_done = false;
    const auto wait_for_inner = [&] {
        inner_done = false;
        loop.context().post("inner", [&] { inner_done = true; });
        while (!inner_done) {
            loop.context().poll(Wait::block);
        }
    };
    const FdHandler handler(loop.context(), ends.near(), "reader", {.read = [&] {
                                ends.take();
                                wait_for_inner();
                                order += 'f';
                            }});
    Timer timer(loop.context(), "timer", [&] {
        wait_for_inner();
        order += 't';
        ends.put();
    });
    loop.context().post("post", [&] {
        wait_for_inner();
        order += 'p';
        const std::error_code error = queue.submit([] {},
                                                   [&](Outcome<void>) {
                                                       wait_for_inner();
                                                       order += 'c';
                                                       timer.arm_after(0ns);
                                                   });
        CHECK_FALSE(error);
    });
    loop.run_until([&] { return order.size() == 4; });
    CHECK(order == "pctf");
    CHECK_FALSE(loop.look());
}

TEST_CASE("a nested poll serves what the outer iteration has found and not yet called", "[nesting][fd][F9.6][F8.4]") {
    TestLoop loop(each_configuration());
    std::vector<Ends> ends(3);
    std::string order;
    std::vector<FdHandler> handlers;
    int calls = 0;
    for (std::size_t at = 0; at < ends.size(); ++at) {
        handlers.emplace_back(loop.context(), ends[at].near(), "reader", FdCallbacks{.read = [&, at] {
                                  ends[at].take();
                                  if (++calls == 1) {
                                      order += '(';
                                      while (calls < 3) {
                                          CHECK(loop.context().poll(Wait::block));
                                      }
                                      order += ')';
                                  } else {
                                      order += 'x';
                                  }
                              }});
        ends[at].put();
    }
    CHECK(loop.block());
    CHECK(order == "(xx)");
    CHECK_FALSE(loop.look());
}

TEST_CASE("a callback that waits for a bottom half of another thread gets it", "[nesting][threads][F9.6][T50]") {
    TestLoop loop(each_configuration());
    for (int round = 0; round < 50; ++round) {
        bool arrived = false;
        bool waited = false;
        std::thread other;
        const BottomHalf reply(loop.context(), "reply", [&] { arrived = true; });
        const BottomHalf waiter(loop.context(), "waiter", [&] {
            other = std::thread([&] { reply.schedule(); });
            while (!arrived) {
                loop.context().poll(Wait::block);
            }
            waited = true;
        });
        waiter.schedule();
        loop.run_until([&] { return waited; });
        other.join();
    }
    CHECK_FALSE(loop.look());
}

TEST_CASE("the result of poll() says whether a callback ran, nested calls included", "[nesting][F9.1]") {
    TestLoop loop(each_configuration());
    Context& context = loop.context();
    CHECK_FALSE(context.poll(Wait::none));
    bool nested = false;
    bool nested_again = true;
    const BottomHalf inner(context, "inner", [] {});
    const BottomHalf outer(context, "outer", [&] {
        nested = context.poll(Wait::none);
        nested_again = context.poll(Wait::none);
    });
    outer.schedule();
    inner.schedule();
    CHECK(context.poll(Wait::none));
    CHECK(nested);
    CHECK_FALSE(nested_again);
    CHECK_FALSE(context.poll(Wait::none));
}

TEST_CASE("a nested blocking poll() lets a timer end it", "[nesting][timer][F9.6]") {
    TestLoop loop(each_configuration());
    bool fired = false;
    bool returned = false;
    Timer timer(loop.context(), "timer", [&] { fired = true; });
    loop.context().post("waiter", [&] {
        timer.arm_after(1ms);
        while (!fired) {
            loop.context().poll(Wait::block);
        }
        returned = true;
    });
    loop.run_until([&] { return returned; });
    CHECK(fired);
}

TEST_CASE("a context with neither descriptors nor timers sleeps until somebody notifies", "[nesting][wake][F9.3]") {
    TestLoop loop(each_configuration());
    loop.run_until_quiet();
    const std::uint64_t asleep = sleeps_begun();
    bool ran = false;
    std::thread waker([&] {
        while (sleeps_begun() == asleep) {
            std::this_thread::yield();
        }
        loop.context().post("wake", [&] { ran = true; });
    });
    CHECK(loop.block());
    waker.join();
    CHECK(ran);
    CHECK(sleeps_begun() - asleep == 1);
}
