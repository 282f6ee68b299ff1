// SPDX-License-Identifier: MIT
// libpulse's adapter, which attaches its source itself, with one kind of event at a time.
#include <pulse/glib-mainloop.h>
#include <pulse/timeval.h>

#include <utility>

#include "support.hpp"

namespace {

using namespace shipped;

struct Pulse {
    pa_glib_mainloop* loop = nullptr;
    pa_mainloop_api* api = nullptr;
    pa_time_event* time = nullptr;
    pa_defer_event* defer = nullptr;
    Pipe pipe;

    Pulse() = default;
    Pulse(const Pulse&) = delete;
    Pulse& operator=(const Pulse&) = delete;
    ~Pulse() { pa_glib_mainloop_free(loop); }
};

GSource* make_pulse() {
    auto* const pulse = current<Pulse>() = new Pulse;
    GSource* source = fish([pulse](GMainContext* context) { pulse->loop = pa_glib_mainloop_new(context); });
    pulse->api = pa_glib_mainloop_get_api(pulse->loop);
    return source;
}

void destroy(GSource*, gpointer) {
    delete std::exchange(current<Pulse>(), nullptr);
}

void on_io(pa_mainloop_api* api, pa_io_event* event, int, pa_io_event_flags_t flags, void* data) {
    // Of a closed descriptor it is called with no condition that libpulse knows.
    const bool is_broken = static_cast<unsigned>(flags) != PA_IO_EVENT_INPUT;
    if (!static_cast<Pulse*>(data)->pipe.deliver(is_broken)) {
        api->io_free(event);
    }
}

GSource* make_io(gpointer) {
    GSource* source = make_pulse();
    Pulse& pulse = *current<Pulse>();
    pulse.api->io_new(pulse.api, pulse.pipe.out(), PA_IO_EVENT_INPUT, on_io, &pulse);
    return source;
}

void send_byte(GSource*, gpointer) {
    current<Pulse>()->pipe.send();
}

int pipe_fd(GSource*, gpointer) {
    return current<Pulse>()->pipe.out();
}

void on_time(pa_mainloop_api*, pa_time_event*, const timeval*, void*) {
    nestling_lab_delivered();
}

timeval from_now(gint64 microseconds) {
    timeval time{};
    pa_timeval_add(pa_gettimeofday(&time), static_cast<pa_usec_t>(microseconds));
    return time;
}

void arm(GSource*, gint64 nanoseconds, gpointer) {
    Pulse& pulse = *current<Pulse>();
    const timeval time = from_now(microseconds_up(nanoseconds));
    if (pulse.time == nullptr) {
        pulse.time = pulse.api->time_new(pulse.api, &time, on_time, &pulse);
    } else {
        pulse.api->time_restart(pulse.time, &time);
    }
}

GSource* make_time(gpointer) {
    return make_pulse();
}

void arm_soon(GSource* source, gpointer) {
    constexpr gint64 soon = 5'000'000;
    arm(source, soon, nullptr);
}

void on_defer(pa_mainloop_api* api, pa_defer_event* event, void*) {
    api->defer_enable(event, 0);
    nestling_lab_delivered();
}

GSource* make_defer(gpointer) {
    GSource* source = make_pulse();
    Pulse& pulse = *current<Pulse>();
    pulse.defer = pulse.api->defer_new(pulse.api, on_defer, &pulse);
    pulse.api->defer_enable(pulse.defer, 0);
    return source;
}

void enable(GSource*, gpointer) {
    Pulse& pulse = *current<Pulse>();
    pulse.api->defer_enable(pulse.defer, 1);
}

}  // namespace

const NestlingLabPlugin* nestling_lab_plugin() {
    static const std::array plugins{plugin("libpulse, io", 0, make_io, send_byte, nullptr, pipe_fd, destroy),
                                    plugin("libpulse, time", 0, make_time, arm_soon, arm, nullptr, destroy),
                                    plugin("libpulse, defer", 0, make_defer, enable, nullptr, nullptr, destroy),
                                    NestlingLabPlugin{}};
    return plugins.data();
}
