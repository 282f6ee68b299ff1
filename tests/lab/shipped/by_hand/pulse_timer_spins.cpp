// SPDX-License-Identifier: MIT
// How many iterations one timer of 20.9 ms takes with libpulse's adapter.
#include <pulse/glib-mainloop.h>
#include <pulse/timeval.h>
#include <stdio.h>

int main() {
    pa_glib_mainloop* loop = pa_glib_mainloop_new(nullptr);
    pa_mainloop_api* api = pa_glib_mainloop_get_api(loop);
    bool is_over = false;
    timeval time{};
    pa_timeval_add(pa_gettimeofday(&time), 20'900);
    api->time_new(
        api, &time,
        [](pa_mainloop_api*, pa_time_event*, const timeval*, void* over) { *static_cast<bool*>(over) = true; },
        &is_over);
    int iterations = 0;
    while (!is_over) {
        g_main_context_iteration(nullptr, TRUE);
        ++iterations;
    }
    printf("%d iterations\n", iterations);
}
