// SPDX-License-Identifier: MIT
// Call sequence G where descriptors have run out.
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>

#include "glib/nested_lab.hpp"
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

TEST_CASE("where no timerfd can be had GLib's timeout is rounded up, and timers are still not early",
          "[sequence][G][R8][G5.1][F14.10]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    NestedLab nested(setting);
    nested.settle();
    const NoMoreDescriptors limit;
    int fired = 0;
    Timer timer(*nested.context, "timer", [&] { ++fired; });
    for (int round = 0; round < 10; ++round) {
        const std::chrono::nanoseconds begin = nested.lab.now();
        const std::uint64_t steps = nested.lab.steps_made();
        timer.arm_after(1200us);
        CHECK(nested.run_until([&] { return fired == round + 1; }));
        // Rounded down it would be 1 ms, and then nothing until the deadline.
        CHECK(nested.lab.now() - begin == 2ms);
        CHECK(nested.lab.steps_made() - steps <= 4);
    }
}

}  // namespace nestling::testing
