// SPDX-License-Identifier: MIT
#include "bench/goals.hpp"

namespace bench {

const std::vector<Goal>& goals() {
    static const std::string ours = "nestling";
    static const std::string nested = "nestling-glib";
    static const std::vector<std::string> natives{"libuv", "libev", "libevent", "asio"};
    static const std::vector<std::string> anyone{"libuv", "libev", "libevent", "asio", "sd-event", "glib"};
    static const std::vector<std::string> limit{"raw"};
    static const std::vector<std::string> glib{"glib"};
    static const std::string best = "best of libuv, libev, libevent, asio";
    static const std::vector<Goal> all{
        {"W1 one bottom half", "w1.single", ours, best, natives, 0.10, 0.05},
        {"W1 batch of 1000, each", "w1.batch", ours, best, natives, 1.0, 0.8},
        {"W1 batch of 1000, each", "w1.batch", ours, "one locked instruction", limit, 4, 3},
        {"W1 one-shot post, single", "w1.post", ours, best, natives, 0.10, 0.06},
        {"W1 one-shot post, batch, each", "w1.post-batch", ours, best, natives, 1.0, 0.25},
        {"W1 under GLib, single", "w1.single", nested, "plain GLib", glib, 0.55, 0.35},
        {"W1 under GLib, batch, each", "w1.batch", nested, "plain GLib", glib, 0.03, 0.02},
        {"W1 under GLib, self-rescheduling", "w1.chain", nested, "plain GLib", glib, 0.7, 0.5},

        {"W2 coalesced post, loop awake", "w2.coalesced", ours, "bare full fence", limit, 1.5, 1.15},
        {"W2 coalesced post, loop awake", "w2.coalesced", ours, "best peer", anyone, 1.0, 0.8},
        {"W2 distinct objects, loop working", "w2.distinct", ours, "best peer", anyone, 0.3, 0.2},
        {"W2 distinct objects, loop working", "w2.distinct", ours, "asio", {"asio"}, 0.06, 0.035},
        {"W2 distinct objects, loop working", "w2.distinct", ours, "plain GLib", glib, 0.01, 0.004},
        {"W2 two producers, distinct", "w2.two-producers", ours, "best peer", anyone, 0.4, 0.15},

        {"W3 sleeping, one CPU, p50", "w3.same-cpu", ours, "libuv", {"libuv"}, 0.8, 0.65},
        {"W3 sleeping, one CPU, p50", "w3.same-cpu", ours, "raw edge-triggered eventfd", limit, 1.1, 1.0},
        {"W3 the same, both ends nested in GLib", "w3.same-cpu", nested, "plain GLib", glib, 0.7, 0.55},
        {"W3 system calls per wake, native", "w3.calls", ours, "count", {}, 2, 1.1},
        {"W3 system calls per wake, nested", "w3.calls", nested, "count", {}, 3, 2},
        {"W3 two CPUs, asleep", "w3.two-cpus", ours, "raw eventfd", limit, 1.05, 1.0},
        {"W3 two CPUs, busy polling", "w3.busy-polling", ours, "cache-line round trip", limit, 3.0, 2.2, "w3.spinning"},
        {"W3 busy polling that gives up for good, of 100", "w3.collapse", ours, "count", {}, 0, 0},

        {"W4 one ready of 1", "w4.ready-1", ours, "raw epoll", limit, 1.25, 1.1},
        {"W4 one ready of 10", "w4.ready-10", ours, "raw epoll", limit, 1.25, 1.1},
        {"W4 one ready of 100", "w4.ready-100", ours, "raw epoll", limit, 1.25, 1.1},
        {"W4 one ready of 1000", "w4.ready-1000", ours, "raw epoll", limit, 1.25, 1.1},
        {"W4 one ready of 10000", "w4.ready-10000", ours, "raw epoll", limit, 1.25, 1.1},
        {"W4 under GLib, 100", "w4.ready-100", nested, "plain GLib", glib, 0.25, 0.18},
        {"W4 under GLib, 1000", "w4.ready-1000", nested, "plain GLib", glib, 0.03, 0.02},
        {"W4 under GLib, 10000", "w4.ready-10000", nested, "plain GLib", glib, 0.003, 0.0015},
        {"W4 flatness 10000 to 100", "w4.ready-10000", ours, "itself", {ours}, 1.6, 1.3, "w4.ready-100"},
        {"W4 registration at 10000", "w4.register", ours, "epoll_ctl alone", limit, 1.2, 1.05},

        {"W5 arm and cancel, 1", "w5.arm-1", ours, "libuv", {"libuv"}, 0.8, 0.6},
        {"W5 arm and cancel, 1000", "w5.arm-1000", ours, "libev", {"libev"}, 0.35, 0.19},
        {"W5 arm and cancel, 100000", "w5.arm-100000", ours, "libev", {"libev"}, 0.35, 0.19},
        {"W5 re-arm at 100000", "w5.rearm-100000", ours, "libev", {"libev"}, 0.4, 0.24},
        {"W5 fire 1000", "w5.fire-1000", ours, "libev", {"libev"}, 0.8, 0.5},
        {"W5 one iteration, 100000 far timers", "w5.turn-100000", ours, "itself with 1", {ours}, 1.1, 1.0, "w5.turn-1"},
        {"W5 one iteration, 100000 far timers", "w5.turn-100000", ours, "plain GLib", glib, 0.001, 0.0001},
        {"W5 lateness of 100 us, p50, native", "w5.lateness", ours, "raw timerfd", limit, 1.1, 1.0},
        {"W5 lateness of 100 us, p50, under GLib", "w5.lateness", nested, "plain GLib", glib, 0.05, 0.02},
        {"W5 precise mode, p50", "w5.precise", ours, "raw timerfd", limit, 0.05, 0.01, "w5.lateness"},
        {"W5 timers that fired early, native", "w5.early", ours, "count", {}, 0, 0},
        {"W5 timers that fired early, under GLib", "w5.early", nested, "count", {}, 0, 0},

        {"W6 one GLib iteration, idle Nestling", "w6.turn", nested, "plain GLib", glib, 1.25, 1.1},

        {"W7 idle wakeups per second", "w7.wakeups", ours, "count", {}, 0, 0},
        {"W7 context", "w7.context", ours, "bytes of heap", {}, 2048, 1024},
        {"W7 bottom half", "w7.task", ours, "bytes of heap", {}, 64, 48},
        {"W7 fd handler", "w7.fd", ours, "bytes of heap", {}, 100, 64},
        {"W7 timer", "w7.timer", ours, "bytes of heap", {}, 64, 56},

        {"W8 reads, one at a time", "w8.read-1", ours, "liburing's own loop", limit, 1.5, 1.25},
        {"W8 reads, 32 at a time", "w8.read-32", ours, "liburing's own loop", limit, 1.5, 1.25},
        {"W8 reads, 128 at a time", "w8.read-128", ours, "liburing's own loop", limit, 1.5, 1.25},
        {"W8 reads, 32 at a time, on threads",
         "w8.read-32",
         "nestling-threads",
         "pread in the pool",
         {"nestling-pool"},
         1.25,
         1.0},
    };
    return all;
}

}  // namespace bench
