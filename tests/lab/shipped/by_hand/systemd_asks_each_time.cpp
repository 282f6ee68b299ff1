// SPDX-License-Identifier: MIT
// How many system calls the manual's glue makes in 1000 idle iterations, beside the loop's polls.
#include <glib.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <systemd/sd-event.h>
#include <unistd.h>

int calls = 0;

extern "C" int epoll_wait(int set, epoll_event* events, int most, int timeout) {
    ++calls;
    return static_cast<int>(syscall(SYS_epoll_pwait, set, events, most, timeout, nullptr, 8));
}

struct Glue {
    GSource base;
    GPollFD polled;
    sd_event* event;
};

Glue& glue(GSource* source) {
    return *reinterpret_cast<Glue*>(source);
}

GSourceFuncs functions{
    [](GSource* s, gint*) -> gboolean { return sd_event_prepare(glue(s).event) > 0; },
    [](GSource* s) -> gboolean { return sd_event_wait(glue(s).event, 0) > 0; },
    [](GSource* s, GSourceFunc, gpointer) -> gboolean { return sd_event_dispatch(glue(s).event) > 0; },
    nullptr,
    nullptr,
    nullptr};

int main() {
    GSource* source = g_source_new(&functions, sizeof(Glue));
    sd_event_new(&glue(source).event);
    glue(source).polled = {sd_event_get_fd(glue(source).event), G_IO_IN, 0};
    g_source_add_poll(source, &glue(source).polled);
    g_source_attach(source, nullptr);
    for (int iteration = 0; iteration != 1000; ++iteration) {
        g_main_context_iteration(nullptr, FALSE);
    }
    printf("%d calls of epoll_wait\n", calls);
}
