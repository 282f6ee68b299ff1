// SPDX-License-Identifier: MIT
// GLib's and GIO's own sources.
#include <gio/gio.h>
#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <sys/socket.h>

#include "support.hpp"

namespace {

using namespace shipped;

gboolean on_event(gpointer) {
    nestling_lab_delivered();
    return G_SOURCE_CONTINUE;
}

gboolean on_last_event(gpointer) {
    nestling_lab_delivered();
    return G_SOURCE_REMOVE;
}

GSource* with(GSource* source, GSourceFunc callback, gpointer data = nullptr, GDestroyNotify drop = nullptr) {
    g_source_set_callback(source, callback, data, drop);
    return source;
}

constexpr guint period = 10;

GSource* make_timeout(gpointer) {
    return with(g_timeout_source_new(period), on_event);
}

GSource* make_timeout_once(gpointer) {
    return with(g_timeout_source_new(period), on_last_event);
}

/// Its own time does not come: it is told others.
GSource* make_timeout_far(gpointer) {
    return with(g_timeout_source_new(G_MAXINT), on_event);
}

void arm_ready_time(GSource* source, gint64 nanoseconds, gpointer) {
    g_source_set_ready_time(source, g_get_monotonic_time() + microseconds_up(nanoseconds));
}

void make_ready(GSource* source, gpointer) {
    g_source_set_ready_time(source, 0);
}

GSource* make_idle(gpointer) {
    return with(g_idle_source_new(), on_event);
}

GSource* make_idle_once(gpointer) {
    return with(g_idle_source_new(), on_last_event);
}

// ---- A descriptor: the callback looks at its conditions, as it should ----

constexpr auto broken = static_cast<unsigned>(G_IO_HUP | G_IO_ERR | G_IO_NVAL);

gboolean on_fd(gint, GIOCondition condition, gpointer data) {
    return static_cast<Pipe*>(data)->deliver((static_cast<unsigned>(condition) & broken) != 0) ? TRUE : FALSE;
}

GSource* make_unix_fd(gpointer) {
    auto* const pipe = current<Pipe>() = new Pipe;
    GSource* source = g_unix_fd_source_new(pipe->out(), G_IO_IN);
    return with(source, G_SOURCE_FUNC(on_fd), pipe, drop_world<Pipe>);
}

void send_byte(GSource*, gpointer) {
    current<Pipe>()->send();
}

int pipe_fd(GSource*, gpointer) {
    return current<Pipe>()->out();
}

gboolean on_channel(GIOChannel*, GIOCondition condition, gpointer data) {
    return on_fd(-1, condition, data);
}

GSource* make_channel(gpointer) {
    auto* const pipe = current<Pipe>() = new Pipe;
    GIOChannel* channel = g_io_channel_unix_new(pipe->out());
    GSource* source = g_io_create_watch(channel, static_cast<GIOCondition>(G_IO_IN | G_IO_HUP | G_IO_ERR | G_IO_NVAL));
    g_io_channel_unref(channel);
    return with(source, G_SOURCE_FUNC(on_channel), pipe, drop_world<Pipe>);
}

gboolean on_stream(GObject*, gpointer data) {
    return on_fd(-1, G_IO_IN, data);
}

GSource* make_stream(gpointer) {
    auto* const pipe = current<Pipe>() = new Pipe;
    GInputStream* stream = g_unix_input_stream_new(pipe->out(), FALSE);
    GSource* source = g_pollable_input_stream_create_source(G_POLLABLE_INPUT_STREAM(stream), nullptr);
    g_object_unref(stream);
    return with(source, G_SOURCE_FUNC(on_stream), pipe, drop_world<Pipe>);
}

// ---- GCancellable ----

gboolean on_cancelled(GCancellable* cancellable, gpointer) {
    g_cancellable_reset(cancellable);
    nestling_lab_delivered();
    return G_SOURCE_CONTINUE;
}

GSource* make_cancellable(gpointer) {
    GCancellable* cancellable = current<GCancellable>() = g_cancellable_new();
    return with(g_cancellable_source_new(cancellable), G_SOURCE_FUNC(on_cancelled), cancellable, g_object_unref);
}

void cancel(GSource*, gpointer) {
    g_cancellable_cancel(current<GCancellable>());
}

// ---- GSocket ----

struct Sockets {
    std::array<int, 2> ends{-1, -1};
    GSocket* socket = nullptr;

    Sockets() {
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) == 0) {
            socket = g_socket_new_from_fd(ends[0], nullptr);
            g_socket_set_blocking(socket, FALSE);
        }
    }
    Sockets(const Sockets&) = delete;
    Sockets& operator=(const Sockets&) = delete;
    ~Sockets() {
        g_clear_object(&socket);
        close(ends[1]);
    }
};

gboolean on_socket(GSocket* socket, GIOCondition condition, gpointer) {
    char byte = 0;
    if (g_socket_receive(socket, &byte, 1, nullptr, nullptr) == 1) {
        nestling_lab_delivered();
        return G_SOURCE_CONTINUE;
    }
    const bool is_broken = (static_cast<unsigned>(condition) & broken) != 0;
    return errno == EAGAIN && !is_broken ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

GSource* make_socket(gpointer) {
    auto* const sockets = current<Sockets>() = new Sockets;
    GSource* source = g_socket_create_source(sockets->socket, G_IO_IN, nullptr);
    return with(source, G_SOURCE_FUNC(on_socket), sockets, drop_world<Sockets>);
}

void send_to_socket(GSource*, gpointer) {
    static_cast<void>(!write(current<Sockets>()->ends[1], "x", 1));
}

int socket_fd(GSource*, gpointer) {
    return current<Sockets>()->ends[0];
}

}  // namespace

const NestlingLabPlugin* nestling_lab_plugin() {
    constexpr guint once = NESTLING_LAB_ONE_SHOT | NESTLING_LAB_REPEATS;
    static const std::array plugins{plugin("GTimeout", NESTLING_LAB_REPEATS, make_timeout),
                                    plugin("GTimeout, once", once, make_timeout_once),
                                    plugin("GTimeout, by ready time", 0, make_timeout_far, make_ready, arm_ready_time),
                                    plugin("GIdle", NESTLING_LAB_REPEATS, make_idle),
                                    plugin("GIdle, once", once, make_idle_once),
                                    plugin("GUnixFD", 0, make_unix_fd, send_byte, nullptr, pipe_fd),
                                    plugin("GIOChannel", 0, make_channel, send_byte, nullptr, pipe_fd),
                                    plugin("GPollableInputStream", 0, make_stream, send_byte, nullptr, pipe_fd),
                                    plugin("GCancellable", NESTLING_LAB_POSTS, make_cancellable, cancel),
                                    plugin("GSocket", 0, make_socket, send_to_socket, nullptr, socket_fd),
                                    NestlingLabPlugin{}};
    return plugins.data();
}
