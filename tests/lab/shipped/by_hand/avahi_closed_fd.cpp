// SPDX-License-Identifier: MIT
// How often a loop with Avahi's adapter iterates in 100 ms when a watched descriptor was closed.
#include <avahi-glib/glib-watch.h>
#include <stdio.h>
#include <unistd.h>

#include "spin.hpp"

int main() {
    const AvahiPoll* api = avahi_glib_poll_get(avahi_glib_poll_new(nullptr, G_PRIORITY_DEFAULT));
    int ends[2];
    int calls = 0;
    if (pipe(ends) != 0) {
        return 1;
    }
    api->watch_new(
        api, ends[0], AVAHI_WATCH_IN,
        [](AvahiWatch*, int, AvahiWatchEvent, void* called) { ++*static_cast<int*>(called); }, &calls);
    close(ends[0]);
    const int iterations = iterations_in_100_ms();
    printf("%d iterations, %d calls\n", iterations, calls);
}
