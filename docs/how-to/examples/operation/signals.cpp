// SPDX-License-Identifier: MIT
// Serves until SIGTERM or SIGINT, and counts SIGHUP.
#include <csignal>
#include <nestling/nestling.hpp>

#include <cstdio>

int main() {
    // First of all: every thread that is started later inherits this.
    const nestling::BlockedSignals blocked({SIGTERM, SIGINT, SIGHUP});

    nestling::IoThread workers;
    nestling::Context context;
    bool is_over = false;
    int reloads = 0;
    const nestling::SignalWatch end(context, {SIGTERM, SIGINT}, "end", [&](const nestling::SignalInfo& signal) {
        std::printf("signal %d from process %d\n", signal.number, static_cast<int>(signal.pid));
        is_over = true;
    });
    const nestling::SignalWatch reload(context, {SIGHUP}, "reload", [&](const nestling::SignalInfo&) { ++reloads; });
    std::puts("ready");
    std::fflush(stdout);
    while (!is_over) {
        context.poll(nestling::Wait::block);
    }
    std::printf("reloaded %d times\n", reloads);
}
