// SPDX-License-Identifier: MIT
// Who gets io_uring as a monitor, and what those get whom the system refuses it.
#include <cerrno>
#include <string>
#include <system_error>

#include <nestling/nestling.hpp>

#include "fdmon/choose.hpp"
#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/environment.hpp"
#include "support/forbid_io_uring.hpp"
#include "support/monitor_kinds.hpp"
#include "support/open_fds.hpp"
#include "support/testing.hpp"
#include "uring/ring_faults.hpp"

namespace nestling::testing {

namespace {

using fdmon::choose_monitor;
using fdmon::Chosen;

constexpr const char* variable = "NESTLING_MONITOR";

ContextOptions forced() {
    ContextOptions options;
    options.monitor = MonitorKind::io_uring;
    return options;
}

/// What asking for io_uring throws, or 0.
int error_of(MonitorKind kind) {
    try {
        const Chosen chosen = choose_monitor(kind);
    } catch (const std::system_error& error) {
        return error.code().value();
    }
    return 0;
}

/// A context that is not io_uring's runs, and says why it is not.
bool works_on_another(Context& context) {
    const Ends ends;
    int reads = 0;
    FdCallbacks callbacks;
    callbacks.read = [&] {
        ends.take();
        ++reads;
    };
    const FdHandler handler(context, ends.near(), "reader", std::move(callbacks));
    ends.put();
    const MonitorChoice choice = context.monitor();
    return context.poll(Wait::block) && reads == 1 && choice.kind != MonitorKind::io_uring &&
           choice.reason.find("io_uring") != std::string::npos;
}

}  // namespace

TEST_CASE("io_uring is taken by who asks for it, and by nobody else", "[uring][F11.2]") {
    if (!can_have(MonitorKind::io_uring)) {
        SKIP_LOUDLY("the kernel refuses io_uring");
    }
    {
        const Environment environment(variable, "io_uring");
        CHECK(choose_monitor(MonitorKind::automatic).monitor->kind() == MonitorKind::io_uring);
        CHECK(choose_monitor(MonitorKind::automatic).reason() == "forced by NESTLING_MONITOR");
        CHECK(choose_monitor(MonitorKind::poll).monitor->kind() == MonitorKind::poll);
    }
    const Environment environment(variable, nullptr);
    CHECK(choose_monitor(MonitorKind::io_uring).monitor->kind() == MonitorKind::io_uring);
    CHECK(choose_monitor(MonitorKind::io_uring).reason() == "forced by ContextOptions::monitor");
    CHECK(choose_monitor(MonitorKind::automatic).monitor->kind() != MonitorKind::io_uring);
}

TEST_CASE("where io_uring is refused the variable falls back with a reason, and the option throws", "[uring][F11.2]") {
    const int error = GENERATE(EPERM, ENOSYS);
    const FailingRing failing(RingCall::set_up, error, 100);
    const Environment environment(variable, "io_uring");
    Context context;
    CHECK(works_on_another(context));
    INFO(context.monitor().reason);
    CHECK(context.monitor().reason.find(std::generic_category().message(error)) != std::string::npos);
    CHECK(error_of(MonitorKind::io_uring) == error);
    CHECK_THROWS_AS(Context(forced()), std::system_error);
    // One context's luck binds no other: what the model refused later contexts (F11.2).
    CHECK(error_of(MonitorKind::poll) == 0);
}

TEST_CASE("when descriptors or memory have run out nobody falls back, and nothing stays open", "[uring][F11.2]") {
    const int error = GENERATE(EMFILE, ENOMEM);
    const std::size_t before = count_open_fds();
    {
        const FailingRing failing(RingCall::set_up, error, 100);
        const Environment environment(variable, "io_uring");
        CHECK(error_of(MonitorKind::automatic) == error);
        CHECK(error_of(MonitorKind::io_uring) == error);
        CHECK_THROWS_AS(Context(), std::system_error);
    }
    CHECK(count_open_fds() == before);
}

TEST_CASE("contexts work where a filter forbids io_uring, and say so", "[uring][F11.2]") {
    const Environment environment(variable, "io_uring");
    const ChildEnd end = run_in_child([] {
        if (!forbid_io_uring()) {
            return 77;
        }
        Context context;
        const bool says_why = context.monitor().reason.find("forbidden") != std::string::npos;
        return works_on_another(context) && says_why && error_of(MonitorKind::io_uring) == EPERM ? 0 : 1;
    });
    if (end.exit_code == 77) {
        SKIP_LOUDLY("no filter can be set here");
    }
    CHECK(end.errors.empty());
    CHECK(end.exit_code == 0);
}

}  // namespace nestling::testing
