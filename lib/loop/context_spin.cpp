// SPDX-License-Identifier: MIT
// Polling before a sleep, and instead of its end. Nobody is announced while the first goes on, so that producers write
// no event; the steps that are proven come after it and know nothing of it.
#include <algorithm>
#include <limits>

#include "loop/context_core.hpp"
#include "os/clock.hpp"
#include "os/cpu_relax.hpp"

namespace nestling::loop {

namespace {

/// About as long as a reading of the clock.
constexpr int looks_per_time = 4;
/// What two awake loops need to answer each other: it must not cost a reading of the clock.
constexpr int looks_before_clock = 64;

std::int64_t later(std::int64_t time, std::int64_t by) noexcept {
    return time > std::numeric_limits<std::int64_t>::max() - by ? std::numeric_limits<std::int64_t>::max() : time + by;
}

std::int64_t earlier_of(std::int64_t limit, std::int64_t deadline) noexcept {
    return deadline < 0 ? limit : std::min(limit, deadline);
}

}  // namespace

sync::MaySleep ContextCore::linger(std::int64_t length) {
    const Outlook outlook = look_ahead();
    if (outlook.ready) {
        return sync::MaySleep::no;
    }
    if (length != 0 && sees_work(looks_before_clock)) {
        spinner_.found(0, PollSet::Work::some, fds_.ready());
        return sync::MaySleep::no;
    }
    const std::int64_t start = os::monotonic_ns();
    spinner_.begin_wait(start);
    std::int64_t until = later(start, length);
    if (const std::int64_t timer = precise_deadline(outlook); timer >= 0 && timer - spinner_.tail() <= until) {
        until = timer;
        spinner_.polled_for_timer();
    }
    until = earlier_of(until, outlook.deadline);
    if (until <= start) {
        // A deadline that passed since the look ahead is for the next iteration, not for a sleep of no length.
        return until == outlook.deadline ? sync::MaySleep::no : sync::MaySleep::yes;
    }
    const Spinner::Sight sight = watch(until, AskHooks::yes);
    if (sight == Spinner::Sight::nothing && until != outlook.deadline && !timers_.has_due()) {
        return sync::MaySleep::yes;
    }
    if (sight == Spinner::Sight::event) {
        queue_.accept(sync::EventSeen::yes, sync::Ended::nothing);
    }
    if (sight == Spinner::Sight::event || sight == Spinner::Sight::descriptors) {
        spinner_.spare_a_look();
    }
    if (const std::int64_t after = os::monotonic_ns() - start; length != 0 && after <= length) {
        spinner_.found(after, seen_work(sight == Spinner::Sight::event), fds_.ready());
    }
    return sync::MaySleep::no;
}

void ContextCore::linger_in_prepare() {
    if (spinner_.take_outer_sleep()) {
        // It was busy with others.
        learn_from_outer(seen_work(false));
    }
    if (linger(std::min(spinner_.length(), spinner_.outer_max())) == sync::MaySleep::yes) {
        spinner_.leave_to_outer();
    }
}

void ContextCore::learn_from_outer(PollSet::Work work) noexcept {
    spinner_.slept(os::monotonic_ns(), work, fds_.ready());
}

bool ContextCore::sees_work(int looks) const noexcept {
    for (int look = 0; look != looks; ++look) {
        if (queue_.is_published()) {
            return true;
        }
        os::cpu_relax();
    }
    return queue_.has_work();
}

std::int64_t ContextCore::end_of_watch(std::int64_t until) const noexcept {
    const std::int64_t wall = timers_.next_wall();
    if (wall < 0) {
        return until;
    }
    // In this order: rather too early than too late.
    const std::int64_t now = os::monotonic_ns();
    return std::min(until, later(now, std::max<std::int64_t>(wall - os::wall_ns(), 0)));
}

Spinner::Sight ContextCore::watch(std::int64_t until, AskHooks ask_hooks) {
    std::int64_t end = end_of_watch(until);
    for (;;) {
        if (sees_work(looks_per_time)) {
            return Spinner::Sight::work;
        }
        if (ask_hooks == AskHooks::yes && fds_.has_hooks()) {
            if (fds_.ask_hooks()) {
                return Spinner::Sight::work;
            }
            // A hook may arm a timer.
            until = earlier_of(until, timers_.next_monotonic());
            end = std::min(end, until);
        }
        const std::int64_t now = os::monotonic_ns();
        if (now >= end) {
            if (now >= until || timers_.next_wall() <= os::wall_ns()) {
                return Spinner::Sight::nothing;
            }
            // Two clocks are not read at once, nor need they go at one rate.
            end = end_of_watch(until);
        }
        // Another thread may add the first descriptor meanwhile. The wall clock's alarm is one too.
        if (spinner_.is_time_to_look(now) && (fds_.needs_look() || timers_.next_wall() >= 0)) {
            const sync::EventSeen seen = look_at_fds(0);
            spinner_.looked(now);
            if (!ready_.empty()) {
                return seen == sync::EventSeen::yes ? Spinner::Sight::event : Spinner::Sight::descriptors;
            }
        }
    }
}

sync::EventSeen ContextCore::sleep_and_watch(const Outlook& outlook) {
    const std::int64_t timer = precise_deadline(outlook);
    const std::int64_t until = timer < 0 ? outlook.deadline : std::max<std::int64_t>(timer - spinner_.tail(), 0);
    sync::EventSeen seen = look_at_fds(until < 0 ? -1 : std::max<std::int64_t>(until - os::monotonic_ns(), 0));
    const std::int64_t now = os::monotonic_ns();
    spinner_.slept(now, seen_work(seen == sync::EventSeen::yes), fds_.ready());
    // Not after a signal, which ends a sleep too.
    if (ready_.empty() && until <= now && now < timer) {
        spinner_.polled_for_timer();
        const Spinner::Sight sight = watch(timer, AskHooks::no);
        // Whoever published meanwhile has written the event, or is about to.
        seen = sight == Spinner::Sight::work    ? look_at_fds(0)
               : sight == Spinner::Sight::event ? sync::EventSeen::yes
                                                : sync::EventSeen::no;
    }
    return seen;
}

std::int64_t ContextCore::precise_deadline(const Outlook& outlook) noexcept {
    const std::int64_t timer = spinner_.tail() == 0 ? -1 : timers_.next_monotonic();
    return timer == outlook.deadline ? timer : -1;
}

}  // namespace nestling::loop
