// SPDX-License-Identifier: MIT
#include <atomic>
#include <cstdint>

#include "bench/chunks.hpp"
#include "bench/peers/peers.hpp"
#include "bench/threads.hpp"

namespace bench {

namespace {

alignas(64) std::atomic<std::uint64_t> line{0};
alignas(64) std::atomic<std::uint64_t> other_line{0};

/// What one thread does on its own CPU, as all workloads do.
template <class F>
Outcome pinned_chunk(const Effort& effort, int cpu, F operation) {
    Outcome result;
    PinnedThread thread(cpu, [&] { result = median_chunk(effort, operation); });
    thread.join();
    return result;
}

/// W1: no bottom half that other threads may schedule too can do without one locked instruction. A peer whose bottom
/// halves belong to one thread may be below it.
Outcome locked_instruction(const Effort& effort) {
    return pinned_chunk(effort, cpus().loop, [] { line.fetch_or(1, std::memory_order_seq_cst); });
}

/// A full fence by the cheapest means: compilers do not agree on it.
inline void full_fence() {
#if defined(__x86_64__)
    __asm__ __volatile__("lock; orl $0, -4(%%rsp)" ::: "memory", "cc");
#else
    std::atomic_thread_fence(std::memory_order_seq_cst);
#endif
}

/// W2, coalesced: the producer's data must be ordered before its look at the flag.
Outcome fence_and_look(const Effort& effort) {
    return pinned_chunk(effort, cpus().producer, [] {
        full_fence();
        static_cast<void>(line.load(std::memory_order_relaxed));
    });
}

/// W3, two loops that do not sleep: one cache line there, another one back.
Outcome cache_line_round_trip(const Effort& effort) {
    std::atomic<bool> stop{false};
    line = 0;
    other_line = 0;
    PinnedThread answering(cpus().loop, [&] {
        std::uint64_t seen = 0;
        while (!stop.load(std::memory_order_relaxed)) {
            const std::uint64_t asked = line.load(std::memory_order_acquire);
            if (asked != seen) {
                seen = asked;
                other_line.store(asked, std::memory_order_release);
            }
        }
    });
    std::uint64_t asked = 0;
    const Outcome result = pinned_chunk(effort, cpus().producer, [&asked] {
        line.store(++asked, std::memory_order_release);
        while (other_line.load(std::memory_order_acquire) != asked) {
        }
    });
    stop = true;
    answering.join();
    return result;
}

}  // namespace

void add_limits(Registry& to) {
    for (const char* measure : {"w1.single", "w1.batch", "w1.post", "w1.post-batch", "w1.chain"}) {
        to.add("raw", measure, locked_instruction);
    }
    if (cpus().count >= 2) {
        to.add("raw", "w2.coalesced", fence_and_look);
        to.add("raw", "w2.coalesced-spins", fence_and_look);
        to.add("raw", "w3.spinning", cache_line_round_trip);
    }
}

}  // namespace bench
