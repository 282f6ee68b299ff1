// SPDX-License-Identifier: MIT
// Call sequence G: what becomes of a deadline on its way through GLib's milliseconds.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "glib/poll_hook.hpp"
#include "glib/settings.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

namespace {

using namespace std::chrono_literals;

/// While it lives, no new descriptor can be had.
class NoMoreDescriptors {
public:
    NoMoreDescriptors() {
        ::getrlimit(RLIMIT_NOFILE, &old_);
        const int next = ::dup(0);
        ::close(next);
        rlimit tight = old_;
        tight.rlim_cur = static_cast<rlim_t>(next);
        ::setrlimit(RLIMIT_NOFILE, &tight);
    }
    NoMoreDescriptors(const NoMoreDescriptors&) = delete;
    NoMoreDescriptors& operator=(const NoMoreDescriptors&) = delete;
    ~NoMoreDescriptors() { ::setrlimit(RLIMIT_NOFILE, &old_); }

private:
    rlimit old_{};
};

}  // namespace

TEST_CASE("a 100 us timer is never early, and GLib gets by without a timeout of its own", "[sequence][G][R7][R8]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    Nested nested(setting);
    int fired = 0;
    int early = 0;
    std::chrono::nanoseconds deadline{0};
    Timer timer;
    timer = Timer(*nested.context, "timer", [&] {
        ++fired;
        early += clock_now(Clock::monotonic) < deadline ? 1 : 0;
        deadline = clock_now(Clock::monotonic) + 100us;
        timer.arm_at(deadline);
    });
    deadline = clock_now(Clock::monotonic) + 100us;
    timer.arm_at(deadline);
    const PollHook hook(nested.main);
    nested.main.run_until([&] { return fired == 100; });
    CHECK(early == 0);
#if NESTLING_TEST_TIMERFD
    CHECK(std::none_of(hook.timeouts().begin(), hook.timeouts().end(), [](int timeout) { return timeout > 0; }));
    // One to sleep and none to spin, but for what the first iteration takes to learn about the descriptor.
    CHECK(hook.count() <= 2 * 100 + 4);
#endif
    CHECK(nested.context->statistics().timers_fired == 100);
}

TEST_CASE("where no timerfd can be had GLib's timeout is rounded up, and timers are still not early",
          "[sequence][G][R8][G5.1]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    Nested nested(setting);
    nested.main.settle();
    const NoMoreDescriptors limit;
    int fired = 0;
    int early = 0;
    std::chrono::nanoseconds deadline{0};
    Timer timer(*nested.context, "timer", [&] {
        ++fired;
        early += clock_now(Clock::monotonic) < deadline ? 1 : 0;
    });
    const PollHook hook(nested.main);
    for (int round = 0; round < 10; ++round) {
        deadline = clock_now(Clock::monotonic) + 1200us;
        timer.arm_at(deadline);
        nested.main.run_until([&] { return fired == round + 1; });
    }
    CHECK(early == 0);
    // 1.2 ms, or a little less, is 2 ms; rounded down it would be 1 ms, and then 0 until the deadline.
    CHECK(std::count(hook.timeouts().begin(), hook.timeouts().end(), 2) >= 1);
    CHECK(hook.count() <= 40);
}

TEST_CASE("a timer that is moved forward by another thread ends GLib's sleep", "[sequence][G]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    Nested nested(setting);
    int fired = 0;
    Timer timer(*nested.context, "timer", [&] { ++fired; });
    timer.arm_after(24h);
    nested.main.settle();
    bool is_first = true;
    const PollHook hook(nested.main, [&](GPollFD* fds, guint size, int timeout) {
        if (std::exchange(is_first, false)) {
            std::thread([&] { timer.anticipate(clock_now(Clock::monotonic)); }).join();
        }
        return poll_glib(fds, size, timeout);
    });
    nested.main.run_until([&] { return fired == 1; });
    CHECK(fired == 1);
}

}  // namespace nestling::testing
