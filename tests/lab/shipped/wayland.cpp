// SPDX-License-Identifier: MIT
// A wl_event_loop nested by its descriptor, the way compositors on GLib do it: dispatch alone does the work.
#include <glib-unix.h>
#include <wayland-server-core.h>

#include <utility>

#include "support.hpp"

namespace {

using namespace shipped;

struct Nested {
    GSource base;
    wl_event_loop* loop;
    wl_event_source* watch;
    wl_event_source* timer;
    Pipe* pipe;
};

Nested& nested(GSource* source) {
    return *reinterpret_cast<Nested*>(source);
}

gboolean dispatch(GSource* source, GSourceFunc, gpointer) {
    wl_event_loop_dispatch(nested(source).loop, 0);
    return G_SOURCE_CONTINUE;
}

void finalize(GSource* source) {
    Nested& mine = nested(source);
    for (wl_event_source* event : {mine.watch, mine.timer}) {
        if (event != nullptr) {
            wl_event_source_remove(event);
        }
    }
    wl_event_loop_destroy(mine.loop);
    delete mine.pipe;
}

GSourceFuncs functions{nullptr, nullptr, dispatch, finalize, nullptr, nullptr};

GSource* make_nested() {
    GSource* source = g_source_new(&functions, sizeof(Nested));
    Nested& mine = nested(source);
    mine.loop = wl_event_loop_create();
    g_source_add_unix_fd(source, wl_event_loop_get_fd(mine.loop), G_IO_IN);
    g_source_set_static_name(source, "Wayland events");
    return source;
}

int on_fd(int, uint32_t mask, void* data) {
    if (!static_cast<Nested*>(data)->pipe->deliver((mask & (WL_EVENT_HANGUP | WL_EVENT_ERROR)) != 0)) {
        wl_event_source_remove(std::exchange(static_cast<Nested*>(data)->watch, nullptr));
    }
    return 0;
}

GSource* make_fd(gpointer) {
    GSource* source = make_nested();
    Nested& mine = nested(source);
    mine.pipe = new Pipe;
    mine.watch = wl_event_loop_add_fd(mine.loop, mine.pipe->out(), WL_EVENT_READABLE, on_fd, &mine);
    return source;
}

void send_byte(GSource* source, gpointer) {
    nested(source).pipe->send();
}

int on_timer(void*) {
    nestling_lab_delivered();
    return 0;
}

GSource* make_timer(gpointer) {
    GSource* source = make_nested();
    nested(source).timer = wl_event_loop_add_timer(nested(source).loop, on_timer, nullptr);
    return source;
}

/// Its timers have milliseconds: we round up.
void arm(GSource* source, gint64 nanoseconds, gpointer) {
    constexpr gint64 thousand = 1000;
    const gint64 milliseconds = (microseconds_up(nanoseconds) + thousand - 1) / thousand;
    wl_event_source_timer_update(nested(source).timer, static_cast<int>(milliseconds));
}

void arm_soon(GSource* source, gpointer) {
    constexpr gint64 soon = 5'000'000;
    arm(source, soon, nullptr);
}

}  // namespace

const NestlingLabPlugin* nestling_lab_plugin() {
    static const std::array plugins{plugin("wl_event_loop, fd", 0, make_fd, send_byte),
                                    plugin("wl_event_loop, timer", 0, make_timer, arm_soon, arm), NestlingLabPlugin{}};
    return plugins.data();
}
