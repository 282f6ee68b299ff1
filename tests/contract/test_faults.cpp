// SPDX-License-Identifier: MIT
// What happens when descriptors or memory run out, and after fork().
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>
#include <nestling/nestling.hpp>

#include <cerrno>
#include <csignal>
#include <memory>
#include <system_error>

#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/fault_injection.hpp"
#include "support/open_fds.hpp"
#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;
using namespace std::chrono_literals;

namespace {

/// What making a context throws, or 0.
int error_of_construction(const Configuration& cell) {
    try {
        const Context context(options_for(cell));
        return 0;
    } catch (const std::system_error& error) {
        return error.code().value();
    }
}

/// As long as it lives, no descriptor beyond those that are open now can be had, but for `spare` of them.
class DescriptorLimit {
public:
    explicit DescriptorLimit(std::size_t spare) {
        ::getrlimit(RLIMIT_NOFILE, &old_);
        rlimit low = old_;
        // The lowest free number tells where the open ones end when there are no holes; fill those first.
        while (true) {
            Descriptor next(::dup(STDERR_FILENO));
            const auto number = static_cast<rlim_t>(next.get());
            if (number > highest_open()) {
                low.rlim_cur = number + spare;
                break;
            }
            fillers_.push_back(std::move(next));
        }
        ::setrlimit(RLIMIT_NOFILE, &low);
    }
    DescriptorLimit(const DescriptorLimit&) = delete;
    DescriptorLimit& operator=(const DescriptorLimit&) = delete;
    ~DescriptorLimit() { ::setrlimit(RLIMIT_NOFILE, &old_); }

private:
    static rlim_t highest_open() {
        rlim_t highest = 0;
        for (int fd = 0; fd < 1024; ++fd) {
            highest = ::fcntl(fd, F_GETFD) >= 0 ? static_cast<rlim_t>(fd) : highest;
        }
        return highest - 1;
    }

    rlimit old_{};
    std::vector<Descriptor> fillers_;
};

}  // namespace

TEST_CASE("without descriptors making a context throws the reason and leaks nothing",
          "[lifetime][faults][F1.1][F1.3]") {
    const Configuration cell = each_configuration();
    const std::size_t before = count_open_fds();
    // One after the other: each step of the construction fails once.
    int failures = 0;
    for (std::size_t spare = 0; spare < 8; ++spare) {
        int error = 0;
        {
            const DescriptorLimit limit(spare);
            error = error_of_construction(cell);
        }
        CHECK(count_open_fds() == before);
        if (error == 0) {
            break;
        }
        CHECK(error == EMFILE);
        ++failures;
    }
    CHECK(failures >= 1);
    CHECK(failures < 8);
    CHECK(error_of_construction(cell) == 0);
}

TEST_CASE("without memory in the kernel making a context throws the reason and leaks nothing",
          "[lifetime][faults][F1.1][F1.3]") {
    const Configuration cell = each_configuration();
    const std::size_t before = count_open_fds();
    const Creation notifier = cell.notifier == NotifierKind::pipe ? Creation::pipe2 : Creation::eventfd;
    for (const int error : {ENOMEM, ENFILE, EMFILE}) {
        {
            const FailingCreation failing(notifier, error);
            CHECK(error_of_construction(cell) == error);
        }
        CHECK(count_open_fds() == before);
        if (cell.monitor == MonitorKind::epoll) {
            const FailingCreation failing(Creation::epoll_create1, error);
            CHECK(error_of_construction(cell) == error);
            CHECK(count_open_fds() == before);
        }
    }
    CHECK(error_of_construction(cell) == 0);
}

TEST_CASE("where the kernel has no eventfd or no epoll the automatic choice is the next best",
          "[lifetime][faults][F4.1][F11.2]") {
    const FailingCreation no_eventfd(Creation::eventfd, ENOSYS);
    const FailingCreation no_epoll(Creation::epoll_create1, ENOSYS);
    const EventNotifier notifier(NotifierKind::automatic);
    CHECK(notifier.kind() == NotifierKind::pipe);
    Context context;
    CHECK(context.monitor().kind == MonitorKind::poll);
    int runs = 0;
    context.post("post", [&] { ++runs; });
    CHECK(context.poll(Wait::block));
    CHECK(runs == 1);
}

TEST_CASE("without a timerfd timers still fire, and never early", "[lifetime][faults][timer]") {
    const Configuration cell = each_configuration();
    const FailingCreation failing(Creation::timerfd_create, EMFILE);
    TestLoop loop(cell);
    int fired = 0;
    int early = 0;
    auto deadline = clock_now(Clock::monotonic) + 1500us;
    Timer monotonic(loop.context(), "monotonic", [&] {
        ++fired;
        early += clock_now(Clock::monotonic) < deadline ? 1 : 0;
    });
    const auto wall_deadline = clock_now(Clock::wall) + 2500us;
    Timer wall(
        loop.context(), "wall",
        [&] {
            ++fired;
            early += clock_now(Clock::wall) < wall_deadline ? 1 : 0;
        },
        Clock::wall);
    monotonic.arm_at(deadline);
    wall.arm_at(wall_deadline);
    loop.run_until([&] { return fired == 2; });
    CHECK(early == 0);
}

TEST_CASE("use after fork ends the child with a message that names the context",
          "[lifetime][faults][death][fork][F22.1]") {
    const Configuration cell = each_configuration();
    ContextOptions options;
    options.name = "inherited";
    TestLoop loop(cell, std::move(options));
    Context& context = loop.context();
    const BottomHalf half(context, "half", [] {});
    loop.run_until_quiet();
    const std::vector<std::function<void()>> uses{
        [&] { context.poll(Wait::none); },
        [&] { context.post("post", [] {}); },
        [&] { const BottomHalf another(context, "another", [] {}); },
        [&] { const Timer another(context, "another", [] {}); },
        [&] { const FdHandler another(context, STDERR_FILENO, "another", {.read = [] {}}); },
        [&] { context.adopt_home(); },
    };
    for (const auto& use : uses) {
        const ChildEnd end = run_in_child([&] {
            use();
            return 0;
        });
        CHECK(end.signal == SIGABRT);
        CHECK(end.says("inherited"));
        CHECK(end.says("fork"));
    }
    half.schedule();
    CHECK(loop.block());
}

TEST_CASE("a child that destroys inherited handles and contexts does not disturb its parent",
          "[lifetime][faults][fork][F22.1]") {
    const Configuration cell = each_configuration();
    auto loop = std::make_unique<TestLoop>(cell);
    const Ends ends;
    int calls = 0;
    auto handler = std::make_unique<FdHandler>(loop->context(), ends.near(), "reader", FdCallbacks{.read = [&] {
                                                   ++calls;
                                                   ends.take();
                                               }});
    auto half = std::make_unique<BottomHalf>(loop->context(), "half", [] {});
    auto timer = std::make_unique<Timer>(loop->context(), "timer", [&] { ++calls; });
    timer->arm_after(1h);
    loop->run_until_quiet();
    const ChildEnd end = run_in_child([&] {
        handler.reset();
        half.reset();
        timer.reset();
        loop.reset();
        return 7;
    });
    CHECK(end.exit_code == 7);
    CHECK(end.errors.empty());
    ends.put();
    CHECK(loop->block());
    CHECK(calls == 1);
    half->schedule();
    CHECK(loop->block());
    timer->arm_after(0ns);
    loop->run_until([&] { return calls == 2; });
    timer.reset();
    half.reset();
    handler.reset();
}

TEST_CASE("a child may make a context of its own", "[lifetime][faults][fork][F22.1]") {
    const Configuration cell = each_configuration();
    TestLoop parents(cell);
    const ChildEnd end = run_in_child([&] {
        TestLoop own(cell);
        int runs = 0;
        own.context().post("post", [&] { ++runs; });
        own.block();
        return runs;
    });
    CHECK(end.signal == 0);
    CHECK(end.exit_code == 1);
}
