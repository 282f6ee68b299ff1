// SPDX-License-Identifier: MIT
#include "bench/registry.hpp"

namespace bench {

const std::vector<Measure>& measures() {
    static const std::vector<Measure> all{
        {"w1.single", "schedule one bottom half and run it", "ns"},
        {"w1.batch", "schedule 1000 bottom halves and run them, each", "ns"},
        {"w1.post", "post one function and run it", "ns"},
        {"w1.post-batch", "post 1000 functions and run them, each", "ns"},
        {"w1.chain", "a bottom half that schedules itself, in a blocking loop", "ns"},

        {"w2.coalesced", "trigger the same object again, loop works 1 us per round", "ns"},
        {"w2.coalesced-spins", "trigger the same object again, loop does nothing else", "ns"},
        {"w2.distinct", "trigger distinct objects, loop works 1 us per round", "ns"},
        {"w2.distinct-spins", "trigger distinct objects, loop does nothing else", "ns"},
        {"w2.post", "post functions, loop works 1 us per round", "ns"},
        {"w2.two-producers", "two producers, distinct objects, wall time per trigger", "ns"},

        {"w3.same-cpu", "round trip between two sleeping loops on one CPU, p50", "ns"},
        {"w3.two-cpus", "round trip between two sleeping loops on two CPUs, p50", "ns"},
        {"w3.spinning", "round trip between two loops that never sleep, p50", "ns"},
        {"w3.busy-polling", "the same between two blocking loops that poll before they sleep, p50", "ns"},
        {"w3.collapse", "of 100 runs with long waits in between, those in which polling ends for good", "runs",
         Summary::sum, 1},
        {"w3.calls", "system calls for one wake, on one CPU, without those inside locks", "calls"},

        {"w4.ready-1", "one ready descriptor of 1", "ns"},
        {"w4.ready-10", "one ready descriptor of 10", "ns"},
        {"w4.ready-100", "one ready descriptor of 100", "ns"},
        {"w4.ready-1000", "one ready descriptor of 1000", "ns"},
        {"w4.ready-10000", "one ready descriptor of 10000", "ns"},
        {"w4.register", "register 10000 descriptors, each", "ns"},

        {"w5.arm-1", "arm and cancel a timer, 1 other armed", "ns"},
        {"w5.arm-1000", "arm and cancel a timer, 1000 others armed", "ns"},
        {"w5.arm-100000", "arm and cancel a timer, 100000 others armed", "ns"},
        {"w5.rearm-100000", "move the deadline of one of 100000 timers", "ns"},
        {"w5.fire-1000", "fire 1000 timers that are due, each", "ns"},
        {"w5.turn-1", "one iteration with 1 far timer", "ns"},
        {"w5.turn-100000", "one iteration with 100000 far timers", "ns"},
        {"w5.lateness", "lateness of a timer of 100 us, p50, timer slack 1 ns", "ns"},
        {"w5.precise", "the same, with the last moments polled for instead of slept", "ns"},
        {"w5.early", "timers that fired early", "timers", Summary::sum},

        {"w6.turn", "one iteration of a GMainContext that has nothing to do", "ns"},
        {"w6.turn-10", "the same, with 10 idle descriptors", "ns"},

        {"w7.context", "heap of a loop, with the benchmark's own object for it", "bytes", Summary::median, 3},
        {"w7.task", "heap of a bottom half", "bytes", Summary::median, 3},
        {"w7.fd", "heap of a descriptor's handler", "bytes", Summary::median, 3},
        {"w7.timer", "heap of an armed timer", "bytes", Summary::median, 3},
        {"w7.descriptors", "open files of a loop", "files", Summary::median, 1},
        {"w7.wakeups", "wakeups per second of an idle loop", "wakeups", Summary::median, 1},

        {"w8.read-1", "read 4 KiB of a file in memory, one after the other", "ns"},
        {"w8.read-32", "the same, 32 at a time, each", "ns"},
        {"w8.read-128", "the same, 128 at a time, each", "ns"},
    };
    return all;
}

}  // namespace bench
