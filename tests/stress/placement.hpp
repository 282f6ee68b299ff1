// SPDX-License-Identifier: MIT
#pragma once

#include <sched.h>

#include <vector>

namespace nestling::stress {

/// Where the threads of a stress run: the loop and every other producer share one CPU, which is never idle then,
/// because to wake an idle CPU takes ten times as long; the rest of the producers run beside them, so that both happen
/// at once.
class Placement {
public:
    Placement() {
        cpu_set_t allowed;
        CPU_ZERO(&allowed);
        if (::sched_getaffinity(0, sizeof allowed, &allowed) == 0) {
            for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
                if (CPU_ISSET(cpu, &allowed)) {
                    cpus_.push_back(cpu);
                }
            }
        }
    }

    /// The calling thread, which is the loop's.
    void place_loop() const { pin(0); }
    /// The calling thread, which is producer `number`.
    void place_producer(unsigned number) const { pin(number % 2); }

private:
    void pin(std::size_t which) const {
        if (cpus_.size() < 2) {
            return;
        }
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(cpus_[which], &one);
        // What is refused only makes it slower.
        static_cast<void>(::sched_setaffinity(0, sizeof one, &one));
    }

    std::vector<int> cpus_;
};

}  // namespace nestling::stress
