// SPDX-License-Identifier: MIT
// The manual's glue between sd-event and GLib removes its source when somebody else has dispatched the event.
#include <glib.h>
#include <stdio.h>
#include <systemd/sd-event.h>

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
    const auto say = [](sd_event_source*, void*) { return puts("delivered"), 0; };
    sd_event_add_defer(glue(source).event, nullptr, say, nullptr);
    g_main_context_pending(nullptr);
    sd_event_dispatch(glue(source).event);
    g_main_context_iteration(nullptr, FALSE);
    puts(g_source_is_destroyed(source) != FALSE ? "its source is destroyed" : "its source lives");
}
