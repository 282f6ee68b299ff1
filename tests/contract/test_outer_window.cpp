// SPDX-License-Identifier: MIT
// What may happen between the outer loop's prepare and its poll: anything, and nothing of it may be lost.
#include <nestling/nestling.hpp>

#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "support/descriptors.hpp"
#include "support/poll_handles.hpp"
#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;
using namespace std::chrono_literals;

namespace {

/// An outer loop that goes step by step.
class Steps {
public:
    explicit Steps(Context& context) : loop_(context) {}

    [[nodiscard]] bool prepare_says_ready() {
        const Prepared prepared = loop_.prepare();
        timeout_ = prepared.timeout;
        return prepared.ready;
    }

    /// Waits as long as prepare() allowed, but at most for `limit`; true if something woke it before that.
    bool wait(std::chrono::nanoseconds limit) {
        const auto timeout = timeout_.count() < 0 ? limit : std::min(limit, timeout_);
        const int count = wait_for_handles(loop_.polls(), timeout);
        return count > 0 || timeout < limit;
    }

    bool check() { return loop_.check(); }
    bool dispatch() { return loop_.dispatch(); }

    /// The whole of an iteration that must not sleep for long.
    bool iterate_awake() {
        const bool ready = prepare_says_ready();
        const bool woke = wait(ready ? 0ns : 10s);
        return (ready || woke) && (check() || ready) && dispatch();
    }

private:
    ExternalLoop loop_;
    std::chrono::nanoseconds timeout_{0};
};

constexpr auto long_time = 10s;

}  // namespace

TEST_CASE("work published between prepare and poll wakes the outer loop", "[window][F3.2][F3.6][P1]") {
    const Configuration cell = each_configuration();
    Context context(options_for(cell));
    Steps outer(context);
    int runs = 0;
    const BottomHalf half(context, "half", [&] { ++runs; });
    CHECK_FALSE(outer.prepare_says_ready());
    half.schedule();
    CHECK(outer.wait(long_time));
    CHECK(outer.check());
    CHECK(outer.dispatch());
    CHECK(runs == 1);
    CHECK_FALSE(outer.prepare_says_ready());
    CHECK_FALSE(outer.wait(0ns));
}

TEST_CASE("a poll() between prepare and poll that deals with everything leaves the outer loop armed",
          "[window][B-6][B-7][G7.1][P4]") {
    const Configuration cell = each_configuration();
    Context context(options_for(cell));
    Steps outer(context);
    int runs = 0;
    const BottomHalf half(context, "half", [&] { ++runs; });
    CHECK_FALSE(outer.prepare_says_ready());
    half.schedule();
    CHECK(context.poll(Wait::none));
    CHECK(runs == 1);
    // Whoever comes now must find somebody to wake.
    std::thread([&] { half.schedule(); }).join();
    CHECK(outer.wait(long_time));
    CHECK(outer.check());
    CHECK(outer.dispatch());
    CHECK(runs == 2);
}

TEST_CASE("work that appears while a poll() runs between prepare and poll is not slept on", "[window][B-6][G7.1][P4]") {
    const Configuration cell = each_configuration();
    Context context(options_for(cell));
    Steps outer(context);
    int runs = 0;
    const BottomHalf late(context, "late", [&] { ++runs; });
    const BottomHalf first(context, "first", [&] { std::thread([&] { late.schedule(); }).join(); });
    CHECK_FALSE(outer.prepare_says_ready());
    first.schedule();
    CHECK(context.poll(Wait::none));
    CHECK(runs == 0);
    CHECK(outer.wait(long_time));
    CHECK(outer.check());
    CHECK(outer.dispatch());
    CHECK(runs == 1);
}

TEST_CASE("a timer armed by a poll() between prepare and poll, and another poll() after it, are not slept over",
          "[window][G7.2][P4]") {
    const Configuration cell = each_configuration();
    Context context(options_for(cell));
    Steps outer(context);
    bool fired = true;
    Timer timer(context, "timer", [&] { fired = true; });
    // On a busy machine it may be due at the second poll() already, which says nothing.
    for (std::chrono::milliseconds delay = 2ms; fired; delay *= 10) {
        fired = false;
        CHECK_FALSE(outer.prepare_says_ready());
        context.post("arm", [&] { timer.arm_after(delay); });
        CHECK(context.poll(Wait::none));
        context.poll(Wait::none);
    }
    CHECK(outer.wait(long_time));
    while (!fired) {
        outer.iterate_awake();
    }
    CHECK(fired);
}

TEST_CASE("a handler added by a poll() between prepare and poll is watched", "[window][fd][G7.2][G7.6][P5]") {
    const Configuration cell = each_configuration();
    Context context(options_for(cell));
    Steps outer(context);
    const Ends ends;
    ends.put();
    int calls = 0;
    std::optional<FdHandler> handler;
    CHECK_FALSE(outer.prepare_says_ready());
    context.post("add", [&] {
        handler.emplace(context, ends.near(), "late", FdCallbacks{.read = [&] {
                            ++calls;
                            ends.take();
                        }});
    });
    CHECK(context.poll(Wait::none));
    CHECK(outer.wait(long_time));
    while (calls == 0) {
        outer.iterate_awake();
    }
    CHECK(calls == 1);
    CHECK_FALSE(outer.prepare_says_ready());
}

TEST_CASE("prepare may be repeated, check left out, and dispatch come alone", "[window][F3.2][B-3][P3]") {
    const Configuration cell = each_configuration();
    Context context(options_for(cell));
    Steps outer(context);
    int runs = 0;
    const BottomHalf half(context, "half", [&] { ++runs; });
    // Dispatch without anything before it.
    CHECK_FALSE(outer.dispatch());
    half.schedule();
    CHECK(outer.dispatch());
    CHECK(runs == 1);
    // Prepare again and again without check.
    for (int i = 0; i < 3; ++i) {
        CHECK_FALSE(outer.prepare_says_ready());
    }
    half.schedule();
    CHECK(outer.wait(long_time));
    CHECK(outer.dispatch());
    CHECK(runs == 2);
    // Check says so as often as it is asked, and eats nothing.
    half.schedule();
    CHECK(outer.check());
    CHECK(outer.check());
    CHECK(runs == 2);
    CHECK(outer.prepare_says_ready());
    CHECK(outer.dispatch());
    CHECK(runs == 3);
    CHECK_FALSE(outer.prepare_says_ready());
}

TEST_CASE("a mark that an outer loop left behind when it went costs nobody a wake-up", "[window][F3.2]") {
    const Configuration cell = each_configuration();
    Context context(options_for(cell));
    int runs = 0;
    const BottomHalf half(context, "half", [&] { ++runs; });
    {
        Steps outer(context);
        CHECK_FALSE(outer.prepare_says_ready());
    }
    half.schedule();
    CHECK(context.poll(Wait::block));
    CHECK(runs == 1);
    Steps another(context);
    CHECK_FALSE(another.prepare_says_ready());
    std::thread([&] { half.schedule(); }).join();
    CHECK(another.wait(long_time));
    CHECK(another.dispatch());
    CHECK(runs == 2);
}

TEST_CASE("with a producer at every point around a nested poll() nothing is lost",
          "[window][stress][B-6][G7.1][G7.2]") {
    const Configuration cell = each_configuration();
    Context context(options_for(cell));
    Steps outer(context);
    constexpr int rounds = 300;
    int posted_runs = 0;
    bool lost = false;
    std::thread producer([&] {
        for (int round = 0; round < rounds; ++round) {
            context.post("produced", [&] { ++posted_runs; });
            if (round % 3 == 0) {
                std::this_thread::yield();
            }
        }
    });
    while (posted_runs < rounds && !lost) {
        const bool ready = outer.prepare_says_ready();
        context.poll(Wait::none);
        context.poll(Wait::none);
        if (posted_runs == rounds) {
            break;
        }
        lost = !ready && !outer.wait(long_time);
        outer.check();
        outer.dispatch();
    }
    producer.join();
    CHECK_FALSE(lost);
    CHECK(posted_runs == rounds);
}
