// SPDX-License-Identifier: MIT
// Avahi's adapter, which attaches its source itself. It is documented that one may cast to the other.
#include <avahi-glib/glib-watch.h>
#include <sys/time.h>

#include <utility>

#include "support.hpp"

namespace {

using namespace shipped;

struct Avahi {
    AvahiGLibPoll* poll = avahi_glib_poll_new(g_main_context_get_thread_default(), G_PRIORITY_DEFAULT);
    const AvahiPoll* api = avahi_glib_poll_get(poll);
    AvahiTimeout* timeout = nullptr;
    Pipe pipe;

    Avahi() = default;
    Avahi(const Avahi&) = delete;
    Avahi& operator=(const Avahi&) = delete;
    ~Avahi() { avahi_glib_poll_free(poll); }
};

GSource* make_avahi() {
    auto* const avahi = current<Avahi>() = new Avahi;
    return g_source_ref(reinterpret_cast<GSource*>(avahi->poll));
}

void destroy(GSource*, gpointer) {
    delete std::exchange(current<Avahi>(), nullptr);
}

void on_watch(AvahiWatch* watch, int, AvahiWatchEvent events, void* data) {
    auto* const avahi = static_cast<Avahi*>(data);
    // Of a closed descriptor it is called with a condition that Avahi has no name for.
    const bool is_broken = events != AVAHI_WATCH_IN;
    if (!avahi->pipe.deliver(is_broken)) {
        avahi->api->watch_free(watch);
    }
}

GSource* make_watch(gpointer) {
    GSource* source = make_avahi();
    Avahi& avahi = *current<Avahi>();
    avahi.api->watch_new(avahi.api, avahi.pipe.out(), AVAHI_WATCH_IN, on_watch, &avahi);
    return source;
}

void send_byte(GSource*, gpointer) {
    current<Avahi>()->pipe.send();
}

int pipe_fd(GSource*, gpointer) {
    return current<Avahi>()->pipe.out();
}

/// Avahi's timeouts repeat until they are told otherwise.
void on_timeout(AvahiTimeout* timeout, void* data) {
    static_cast<Avahi*>(data)->api->timeout_update(timeout, nullptr);
    nestling_lab_delivered();
}

GSource* make_timeout(gpointer) {
    GSource* source = make_avahi();
    Avahi& avahi = *current<Avahi>();
    avahi.timeout = avahi.api->timeout_new(avahi.api, nullptr, on_timeout, &avahi);
    return source;
}

void arm(GSource*, gint64 nanoseconds, gpointer) {
    constexpr gint64 million = 1'000'000;
    timeval now{};
    gettimeofday(&now, nullptr);
    const gint64 due = now.tv_sec * million + now.tv_usec + microseconds_up(nanoseconds);
    const timeval time{due / million, due % million};
    current<Avahi>()->api->timeout_update(current<Avahi>()->timeout, &time);
}

void arm_soon(GSource* source, gpointer) {
    constexpr gint64 soon = 5'000'000;
    arm(source, soon, nullptr);
}

}  // namespace

const NestlingLabPlugin* nestling_lab_plugin() {
    static const std::array plugins{plugin("Avahi, watch", 0, make_watch, send_byte, nullptr, pipe_fd, destroy),
                                    plugin("Avahi, timeout", 0, make_timeout, arm_soon, arm, nullptr, destroy),
                                    NestlingLabPlugin{}};
    return plugins.data();
}
