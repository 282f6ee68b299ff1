// SPDX-License-Identifier: MIT
// glibmm's Dispatcher reads from its pipe without looking, and blocks when the answer of poll is an old one.
#include <glibmm.h>
#include <stdio.h>
#include <unistd.h>

int main() {
    Glib::init();
    Glib::Dispatcher dispatcher;
    setvbuf(stdout, nullptr, _IONBF, 0);
    dispatcher.connect([] { puts("delivered"); });
    dispatcher.emit();
    g_main_context_iteration(nullptr, FALSE);
    GSource* rival = g_idle_source_new();
    g_source_set_priority(rival, G_PRIORITY_HIGH);
    g_source_attach(rival, nullptr);
    // An iteration that does not wait. While it polls, another thread destroys the source of higher priority.
    GMainContext* context = g_main_context_default();
    gint priority = 0;
    gint timeout = 0;
    GPollFD polled[4];
    g_main_context_acquire(context);
    g_main_context_prepare(context, &priority);
    const gint count = g_main_context_query(context, priority, &timeout, polled, 4);
    g_poll(polled, static_cast<guint>(count), timeout);
    g_source_destroy(rival);
    g_main_context_check(context, priority, polled, count);
    alarm(2);
    g_main_context_dispatch(context);
    puts("not blocked");
}
