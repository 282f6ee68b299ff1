// SPDX-License-Identifier: MIT
// An sd_event nested in GLib by its three phases, as its manual recommends.
#include <systemd/sd-event.h>

#include "support.hpp"

namespace {

using namespace shipped;

struct Nested {
    GSource base;
    GPollFD polled;
    sd_event* event;
    sd_event_source* timer;
    Pipe* pipe;
};

Nested& nested(GSource* source) {
    return *reinterpret_cast<Nested*>(source);
}

gboolean prepare(GSource* source, gint* timeout) {
    *timeout = -1;
    return sd_event_prepare(nested(source).event) > 0 ? TRUE : FALSE;
}

gboolean check(GSource* source) {
    return sd_event_wait(nested(source).event, 0) > 0 ? TRUE : FALSE;
}

gboolean dispatch(GSource* source, GSourceFunc, gpointer) {
    return sd_event_dispatch(nested(source).event) > 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

void finalize(GSource* source) {
    Nested& mine = nested(source);
    sd_event_source_unref(mine.timer);
    sd_event_unref(mine.event);
    delete mine.pipe;
}

GSourceFuncs functions{prepare, check, dispatch, finalize, nullptr, nullptr};

GSource* make_nested() {
    GSource* source = g_source_new(&functions, sizeof(Nested));
    Nested& mine = nested(source);
    if (sd_event_new(&mine.event) < 0) {
        g_error("no sd_event");
    }
    mine.polled = {sd_event_get_fd(mine.event), G_IO_IN, 0};
    g_source_add_poll(source, &mine.polled);
    g_source_set_static_name(source, "sd-event");
    return source;
}

constexpr uint32_t readable = 1;

/// A negative answer switches the watch off.
int on_fd(sd_event_source*, int, uint32_t events, void* data) {
    return static_cast<Nested*>(data)->pipe->deliver((events & ~readable) != 0) ? 0 : -EPIPE;
}

GSource* make_fd(gpointer) {
    GSource* source = make_nested();
    Nested& mine = nested(source);
    mine.pipe = new Pipe;
    sd_event_add_io(mine.event, nullptr, mine.pipe->out(), readable, on_fd, &mine);
    return source;
}

void send_byte(GSource* source, gpointer) {
    nested(source).pipe->send();
}

int on_time(sd_event_source*, uint64_t, void*) {
    nestling_lab_delivered();
    return 0;
}

GSource* make_timer(gpointer) {
    return make_nested();
}

void arm(GSource* source, gint64 nanoseconds, gpointer) {
    Nested& mine = nested(source);
    const auto due = static_cast<uint64_t>(g_get_monotonic_time() + microseconds_up(nanoseconds));
    if (mine.timer == nullptr) {
        sd_event_add_time(mine.event, &mine.timer, CLOCK_MONOTONIC, due, 1, on_time, nullptr);
    } else {
        sd_event_source_set_time(mine.timer, due);
        sd_event_source_set_enabled(mine.timer, SD_EVENT_ONESHOT);
    }
}

void arm_soon(GSource* source, gpointer) {
    constexpr gint64 soon = 5'000'000;
    arm(source, soon, nullptr);
}

}  // namespace

const NestlingLabPlugin* nestling_lab_plugin() {
    static const std::array plugins{plugin("sd-event, fd", 0, make_fd, send_byte),
                                    plugin("sd-event, timer", 0, make_timer, arm_soon, arm), NestlingLabPlugin{}};
    return plugins.data();
}
