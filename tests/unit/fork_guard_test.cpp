// SPDX-License-Identifier: MIT
#include "os/fork_guard.hpp"

#include "support/child_process.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

using os::ForkGuard;

TEST_CASE("a fork guard knows a forked child, its grandchild, and the process that made it") {
    const ForkGuard guard;
    CHECK_FALSE(guard.in_child());
    const ChildEnd end = run_in_child([&guard] {
        if (!guard.in_child()) {
            return 1;
        }
        const ForkGuard fresh;
        if (fresh.in_child()) {
            return 2;
        }
        return run_in_child([&] { return guard.in_child() && fresh.in_child() ? 0 : 3; }).exit_code;
    });
    CHECK(end.signal == 0);
    CHECK(end.exit_code == 0);
    CHECK_FALSE(guard.in_child());
}

TEST_CASE("a fork guard that is made before another fork stays good in its own process") {
    const ForkGuard before;
    CHECK(run_in_child([] { return 0; }).exit_code == 0);
    const ForkGuard after;
    CHECK_FALSE(before.in_child());
    CHECK_FALSE(after.in_child());
}

}  // namespace nestling::testing
