// SPDX-License-Identifier: MIT
#include <chrono>
#include <utility>

#include "glib/reading.hpp"
#include "glib/window_world.hpp"

namespace nestling::testing {

using namespace std::chrono_literals;

void WindowWorld::arm(std::chrono::nanoseconds deadline) {
    expect(timer);
    timer_.arm_at(deadline);
}

void WindowWorld::act(Act act) {
    switch (act) {
        case Act::schedule:
            expect(bottom_half);
            bottom_half_.schedule();
            return;
        case Act::post:
            expect(posted);
            context_.post("post", [this] { done(posted); });
            return;
        case Act::schedule_idle:
            expect(idle);
            idle_.schedule_idle();
            return;
        case Act::notify:
            if (hook_) {
                expect(hook);
                hook_says_yes_ = true;
            }
            context_.notify();
            return;
        case Act::arm_due:
            arm(clock_now(Clock::monotonic));
            return;
        case Act::arm_soon:
            arm(clock_now(Clock::monotonic) + 500us);
            return;
        case Act::arm_later:
            arm((start_ == Start::awake ? earlier_deadline_ : clock_now(Clock::monotonic)) + 500us);
            return;
        case Act::arm_wall:
            expect(wall);
            wall_.arm_after(0ns);
            return;
        case Act::advance_virtual:
            expect(virtual_time);
            // Armed long before, so that it is the clock alone that makes it due.
            if (!virtual_.is_armed()) {
                virtual_.arm_after(1h);
            }
            context_.advance_virtual_time(1h);
            return;
        case Act::add_ready_fd:
            if (!added_) {
                expect(added);
                ready_.put();
                added_ = FdHandler(context_, ready_.near(), "added", reading([this] {
                                       ready_.take();
                                       done(added);
                                   }));
            }
            return;
        case Act::make_fd_readable:
            if (watch_ && !std::exchange(expected_[readable], true)) {
                watched_.put();
            }
            return;
        case Act::unmute_fd:
            if (mute_ && !std::exchange(is_unmuted_, true)) {
                expect(muted);
                static_cast<void>(mute_.watch(Interest::read));
            }
            return;
        default:
            break;
    }
    switch (act) {
        case Act::replace_fd:
            if (replace_ && !std::exchange(is_replaced_, true)) {
                expect(replaced);
                static_cast<void>(replace_.set(reading([this] {
                    replaced_.take();
                    done(replaced);
                })));
            }
            return;
        case Act::remove_fd:
            if (remove_) {
                removed_.put();
                remove_ = FdHandler();
            }
            return;
        case Act::cancel_timers:
            earlier_timer_.cancel();
            timer_.cancel();
            done(timer);
            return;
        case Act::poll_none:
            context_.poll(Wait::none);
            return;
        case Act::poll_block:
            filler_.schedule();
            context_.poll(Wait::block);
            return;
        case Act::poll_earlier:
            while (earlier_timer_.is_armed()) {
                context_.poll(Wait::block);
            }
            return;
        case Act::iterate:
            // GLib refuses it inside of prepare and check, and its poll function cannot stand it.
            if (may_iterate_) {
                nested_.main.look();
            }
            return;
        case Act::trigger:
            trigger_.schedule();
            return;
        default:
            return;
    }
}

}  // namespace nestling::testing
