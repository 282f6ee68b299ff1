// SPDX-License-Identifier: MIT
// libpulse's source removes itself when it is dispatched with nothing to do.
#include <pulse/glib-mainloop.h>
#include <stdio.h>

int main() {
    pa_glib_mainloop* loop = pa_glib_mainloop_new(nullptr);
    pa_mainloop_api* api = pa_glib_mainloop_get_api(loop);
    pa_defer_event* event = api->defer_new(
        api, [](pa_mainloop_api* a, pa_defer_event* e, void*) { puts("delivered"), a->defer_enable(e, 0); }, nullptr);
    // Now it counts as ready, and then there is nothing to do.
    g_main_context_pending(nullptr);
    api->defer_enable(event, 0);
    g_main_context_iteration(nullptr, FALSE);
    api->defer_enable(event, 1);
    for (int iteration = 0; iteration != 10; ++iteration) {
        g_main_context_iteration(nullptr, FALSE);
    }
    puts("end");
}
