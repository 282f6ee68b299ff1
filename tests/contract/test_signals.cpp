// SPDX-License-Identifier: MIT
// Signals of POSIX: their handlers may schedule, and they may interrupt any wait.
#include <pthread.h>
#include <nestling/nestling.hpp>

#include <csignal>
#include <thread>

#include "support/descriptors.hpp"
#include "support/syscall_counter.hpp"
#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;

namespace {

const BottomHalf* scheduled_by_signal = nullptr;
void schedule_in_handler(int) {
    scheduled_by_signal->schedule();
}

/// While it lives, the signal's handler schedules a bottom half.
class SchedulingSignal {
public:
    SchedulingSignal(int number, const BottomHalf& half) : number_(number) {
        scheduled_by_signal = &half;
        struct sigaction action {};
        action.sa_handler = &schedule_in_handler;
        ::sigaction(number_, &action, &old_);
    }
    SchedulingSignal(const SchedulingSignal&) = delete;
    SchedulingSignal& operator=(const SchedulingSignal&) = delete;
    ~SchedulingSignal() {
        ::sigaction(number_, &old_, nullptr);
        scheduled_by_signal = nullptr;
    }

private:
    int number_;
    struct sigaction old_ {};
};

}  // namespace

TEST_CASE("a signal handler may schedule a bottom half, on the home thread and on any other",
          "[wake][signal][F5.3][F22.2]") {
    TestLoop loop(each_configuration());
    int runs = 0;
    const BottomHalf half(loop.context(), "half", [&] { ++runs; });
    const SchedulingSignal handler(SIGUSR1, half);
    ::raise(SIGUSR1);
    CHECK(loop.block());
    CHECK(runs == 1);

    const pthread_t home = ::pthread_self();
    for (int round = 2; round <= 12; ++round) {
        const std::uint64_t asleep = sleeps_begun();
        std::thread sender([&] {
            wait_until_asleep(asleep);
            if (round % 2 == 0) {
                ::pthread_kill(home, SIGUSR1);
            } else {
                ::raise(SIGUSR1);
            }
        });
        loop.run_until([&] { return runs == round; });
        sender.join();
    }
    CHECK(runs == 12);
}

TEST_CASE("a signal may end a wait without progress, and loses nothing", "[wake][signal][F9.10][B-29]") {
    TestLoop loop(each_configuration());
    struct sigaction action {};
    struct sigaction old {};
    action.sa_handler = [](int) {};
    ::sigaction(SIGUSR2, &action, &old);
    const pthread_t home = ::pthread_self();
    const Ends ends;
    int calls = 0;
    const FdHandler handler(loop.context(), ends.near(), "reader", {.read = [&] {
                                ends.take();
                                ++calls;
                            }});
    const std::uint64_t asleep = sleeps_begun();
    std::thread sender([&] {
        wait_until_asleep(asleep);
        for (int i = 0; i < 100; ++i) {
            ::pthread_kill(home, SIGUSR2);
        }
        ends.put();
    });
    loop.run_until([&] { return calls == 1; });
    sender.join();
    ::sigaction(SIGUSR2, &old, nullptr);
    CHECK(calls == 1);
    CHECK_FALSE(loop.look());
}
