// SPDX-License-Identifier: MIT
// How often a loop with libpulse's adapter iterates in 100 ms when a watched descriptor was closed.
#include <pulse/glib-mainloop.h>
#include <stdio.h>
#include <unistd.h>

#include "spin.hpp"

int main() {
    pa_mainloop_api* api = pa_glib_mainloop_get_api(pa_glib_mainloop_new(nullptr));
    int ends[2];
    if (pipe(ends) != 0) {
        return 1;
    }
    api->io_new(
        api, ends[0], PA_IO_EVENT_INPUT,
        [](pa_mainloop_api*, pa_io_event*, int, pa_io_event_flags_t, void*) { puts("called"); }, nullptr);
    close(ends[0]);
    printf("%d iterations\n", iterations_in_100_ms());
}
