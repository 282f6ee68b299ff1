// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include "bench/hook.hpp"

/// The small interface behind which every peer stands. A peer is a class that is made, run and destroyed on the loop's
/// thread. All it must have is a turn and a wait; every other ability is optional, and a workload is measured for the
/// peers that have what it uses. Nothing here is virtual, so that no call costs more than the peer's own.
namespace bench {

/// turn(): one iteration that does not sleep. wait(): one iteration that sleeps until there is something to do.
template <class L>
concept Loop = requires(L loop) {
    loop.turn();
    loop.wait();
};

/// Calls the hook while `fd` is readable. Nobody stops to watch: the loop is destroyed instead.
template <class L>
concept Watches = requires(L loop, int fd, const Hook& hook) {
    loop.watch(fd, hook);
};

/// Bottom halves, made once and scheduled again and again, by their number, on the loop's thread. A peer for which
/// schedule() in a callback would not look at descriptors in between also has schedule_next(), which does.
template <class L>
concept Schedules = requires(L loop, std::size_t index, const Hook& hook) {
    loop.add_task(hook);
    loop.schedule(index);
};

/// A function posted once, on the loop's thread.
template <class L>
concept Posts = requires(L loop, const Hook& hook) {
    loop.post(hook);
};

/// One object that any thread may trigger; triggers that have not been seen yet become one.
template <class L>
concept Wakes = requires(L loop, const Hook& hook) {
    loop.set_waker(hook);
    loop.wake();
};

/// Distinct objects that any thread may trigger, each run once for each trigger.
template <class L>
concept Sends = requires(L loop, std::size_t index, const Hook& hook) {
    loop.add_sender(hook);
    loop.send(index);
};

/// A function posted once, from any thread. start_remote() prepares for it where there is something to prepare.
template <class L>
concept PostsAcross = requires(L loop, const Hook& hook) {
    loop.post_across(hook);
};

/// One-shot timers by their number. `now` is the monotonic time in ns as the workload last read it, for peers that take
/// absolute deadlines; the others add `delay` to the time that they have cached, which refresh_time() renews.
template <class L>
concept HasTimer = requires(L loop, std::size_t index, std::int64_t now, std::int64_t delay, const Hook& hook) {
    loop.add_timer(hook);
    loop.arm(index, now, delay);
};

/// The same for any number of them. settle(), where it is, completes what cancel() has put off.
template <class L>
concept Times = HasTimer<L> && requires(L loop, std::size_t index) {
    loop.cancel(index);
};

/// Given to the constructor of a peer that has to be told, at a price, that timers of less than a millisecond are
/// wanted.
struct PreciseTimers {};

/// wait() may poll for so many nanoseconds before it sleeps; sleeps(), from any thread, counts when it did sleep.
template <class L>
concept BusyPolls = Wakes<L> && requires(L loop, std::int64_t most) {
    loop.poll_before_sleeps(most);
    loop.sleeps();
};

/// wait() may poll instead of sleeping for the last moments before a timer.
template <class L>
concept PollsForTimers = HasTimer<L> && requires(L loop) {
    loop.poll_for_timers();
};

template <class L>
concept InGlib = requires {
    requires L::in_glib;
};

}  // namespace bench
