// SPDX-License-Identifier: MIT
// How many iterations one timer of 20.9 ms takes with Avahi's adapter.
#include <avahi-glib/glib-watch.h>
#include <stdio.h>
#include <sys/time.h>

int main() {
    const AvahiPoll* api = avahi_glib_poll_get(avahi_glib_poll_new(nullptr, G_PRIORITY_DEFAULT));
    bool is_over = false;
    const timeval wait{0, 20'900};
    timeval now{};
    timeval time{};
    gettimeofday(&now, nullptr);
    timeradd(&now, &wait, &time);
    api->timeout_new(
        api, &time, [](AvahiTimeout*, void* over) { *static_cast<bool*>(over) = true; }, &is_over);
    int iterations = 0;
    while (!is_over) {
        g_main_context_iteration(nullptr, TRUE);
        ++iterations;
    }
    printf("%d iterations\n", iterations);
}
