// SPDX-License-Identifier: MIT
#include <memory>

#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/testing.hpp"
#include "unit/absent_epoll_pwait2.hpp"
#include "unit/monitors.hpp"

namespace nestling::testing {

TEST_CASE("epoll: a kernel without epoll_pwait2() is asked for it once, and sleeps and reports all the same") {
    const ChildEnd child = run_in_child([] {
        forget_epoll_pwait2();
        const auto monitor = make_monitor(MonitorKind::epoll);
        const Ends ends;
        if (monitor->add(registration(ends.near(), fdmon::event_in))) {
            return 1;
        }
        constexpr std::int64_t short_sleep = 100'000;
        for (int round = 0; round < 3; ++round) {
            if (!look(*monitor, short_sleep).empty()) {
                return 2;
            }
        }
        ends.put();
        constexpr std::int64_t minute = 60'000'000'000;
        if (look(*monitor, minute).count(ends.near()) != 1) {
            return 3;
        }
        // None, where the library was built without the call.
        return epoll_pwait2_refusals() <= 1 ? 0 : 4;
    });
    CHECK(child.exit_code == 0);
}

}  // namespace nestling::testing
