// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <type_traits>

#include "bench/chunks.hpp"
#include "bench/event_fds.hpp"
#include "bench/peer.hpp"
#include "bench/threads.hpp"

namespace bench {

inline constexpr Hook no_hook{[](void*) {}, nullptr};

/// Descriptors that never become ready. `first` keeps two loops from sharing them.
template <Watches L>
void watch_idle_fds(L& loop, std::size_t first = 0) {
    for (std::size_t index = 0; index < idle_fds; ++index) {
        loop.watch(event_fd(first + index), no_hook);
    }
}

/// Runs `body` with a new loop on the loop's CPU, in a thread of its own.
template <Loop L, class F>
Outcome with_loop(F body) {
    Outcome result;
    PinnedThread thread(cpus().loop, [&] {
        L loop;
        result = body(loop);
    });
    thread.join();
    return result;
}

/// The same, with the most precise timers that the peer has.
template <Loop L, class F>
Outcome with_precise_timers(F body) {
    Outcome result;
    PinnedThread thread(cpus().loop, [&] {
        if constexpr (std::is_constructible_v<L, PreciseTimers>) {
            L loop(PreciseTimers{});
            result = body(loop);
        } else {
            L loop;
            result = body(loop);
        }
    });
    thread.join();
    return result;
}

/// Where most workloads begin: a loop that watches ten idle descriptors. Peers that watch nothing are the bare limit.
template <Loop L, class F>
Outcome with_idle_fds(F body) {
    return with_loop<L>([&](L& loop) {
        if constexpr (Watches<L>) {
            watch_idle_fds(loop);
        }
        return body(loop);
    });
}

}  // namespace bench
