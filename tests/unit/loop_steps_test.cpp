// SPDX-License-Identifier: MIT
#include "sync/loop_steps.hpp"

#include <stdexcept>

#include "support/testing.hpp"
#include "sync/wake_oneword.hpp"
#include "sync/wake_seed.hpp"
#include "unit/fake_event.hpp"

namespace nestling::testing {

namespace {

using sync::Ended;
using sync::EventSeen;
using sync::MaySleep;
using sync::Sleeper;

template <class Wake>
struct Host {
    struct Outlook {
        bool ready;
    };

    Outlook look_ahead() {
        accept(EventSeen::no, Ended::nothing);
        return {taken != 0};
    }
    EventSeen sleep(const Outlook&) {
        if (sleep_fails) {
            throw std::runtime_error("no memory for what the wait has found");
        }
        return EventSeen::no;
    }
    bool run() {
        const bool progress = taken != 0;
        taken = 0;
        return progress;
    }
    void tell_outer(const Outlook&) {}
    bool is_outer_told(const Outlook&) { return true; }
    void wake_outer() { ++outer_wakes; }
    [[nodiscard]] bool has_work_at_home() const { return work_at_home; }
    void slept() { ++sleeps; }

    void accept(EventSeen seen, Ended ended) {
        for (auto* node = wake.accept(event, seen, ended); node != nullptr; node = node->next.load()) {
            ++taken;
        }
    }
    bool poll(MaySleep may_sleep) {
        return steps.poll(
            may_sleep, [] { return EventSeen::no; }, [this](EventSeen seen, Ended ended) { accept(seen, ended); });
    }

    Wake wake;
    FakeEvent event;
    sync::LoopSteps<Host, Wake> steps{*this, wake};
    bool sleep_fails = false;
    bool work_at_home = false;
    int taken = 0;
    int sleeps = 0;
    int outer_wakes = 0;
};

template <class Wake>
void fail_to_sleep() {
    Host<Wake> host;
    typename Wake::Node node;
    host.sleep_fails = true;
    CHECK_THROWS_AS(host.poll(MaySleep::yes), std::runtime_error);
    CHECK(host.sleeps == 1);
    CHECK_FALSE(host.wake.is_armed(Sleeper::native));
    host.wake.publish(node, host.event);
    CHECK(host.event.sets == 0);
    CHECK(host.outer_wakes == 0);
    CHECK(host.poll(MaySleep::yes));
}

template <class Wake>
void fail_to_sleep_in_window() {
    Host<Wake> host;
    typename Wake::Node node;
    REQUIRE_FALSE(host.steps.prepare());
    host.sleep_fails = true;
    CHECK_THROWS_AS(host.poll(MaySleep::yes), std::runtime_error);
    // Whichever of the two finds the outer loop: it must not sleep on.
    host.wake.publish(node, host.event);
    CHECK(host.outer_wakes + host.event.sets >= 1);
    CHECK(host.steps.window_is_open());
    CHECK(host.steps.prepare());
}

}  // namespace

TEST_CASE("a wait that fails leaves nobody announced") {
    SECTION("oneword") {
        fail_to_sleep<sync::WakeOneword<>>();
    }
    SECTION("seed") {
        fail_to_sleep<sync::WakeSeed<>>();
    }
}

TEST_CASE("a native wait that fails in an outer loop's window keeps that loop from sleeping on what it was told") {
    SECTION("oneword") {
        fail_to_sleep_in_window<sync::WakeOneword<>>();
    }
    SECTION("seed") {
        fail_to_sleep_in_window<sync::WakeSeed<>>();
    }
}

}  // namespace nestling::testing
