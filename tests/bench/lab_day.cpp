// SPDX-License-Identifier: MIT
// How long the Source Lab takes for a day of a timer of one second, in real time. It counts what it says on the way,
// and fails if that is not so.
#include <nestling-lab/assertions.hpp>
#include <nestling-lab/lab.hpp>

#include <time.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace {

/// Not the lab's clock.
double processor_milliseconds() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

bool is_exact(nestling::lab::Lab& lab) {
    using namespace std::chrono_literals;
    GSource* source = g_timeout_source_new(1000);
    g_source_set_callback(
        source, [](gpointer) -> gboolean { return G_SOURCE_CONTINUE; }, nullptr, nullptr);
    const nestling::lab::SourceRecord& timer = lab.take(source);
    lab.run_for(24h);
    return timer.dispatched == 86'400 && nestling::lab::fired_every(timer, 1s)(lab).holds &&
           lab.counts().all_calls() == 0;
}

}  // namespace

int main() {
    std::array<double, 9> rounds{};
    for (double& round : rounds) {
        const double begin = processor_milliseconds();
        nestling::lab::Lab lab;
        if (!lab.has_virtual_time() || !is_exact(lab)) {
            static_cast<void>(std::fputs("the day was not exact\n", stderr));
            return 1;
        }
        round = processor_milliseconds() - begin;
    }
    std::sort(rounds.begin(), rounds.end());
    std::printf("24 h, 86400 dispatches, no system call: %.0f ms (median of %zu; %.0f to %.0f)\n", rounds[4],
                rounds.size(), rounds.front(), rounds.back());
    return 0;
}
