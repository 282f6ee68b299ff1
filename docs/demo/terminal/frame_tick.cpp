// SPDX-License-Identifier: MIT
#include "terminal/frame_tick.hpp"

#include <utility>

#include "meter/frame_meter.hpp"

namespace demo {

namespace {

// The value of GDK_PRIORITY_REDRAW, in a program that may have no GDK.
constexpr gint priority_of_redraw = G_PRIORITY_HIGH_IDLE + 20;

std::chrono::nanoseconds now() {
    return std::chrono::microseconds(g_get_monotonic_time());
}

gint64 ready_time(std::chrono::nanoseconds time) {
    return std::chrono::ceil<std::chrono::microseconds>(time).count();
}

}  // namespace

FrameTick::FrameTick(std::function<void()> frame) : frame_(std::move(frame)), next_(now() + FrameMeter::period) {
    static GSourceFuncs functions{nullptr, nullptr, dispatch, nullptr, nullptr, nullptr};
    source_ = g_source_new(&functions, sizeof(GSource));
    g_source_set_static_name(source_, "[nestling-demo] frame tick");
    g_source_set_priority(source_, priority_of_redraw);
    g_source_set_callback(source_, nullptr, this, nullptr);
    g_source_set_ready_time(source_, ready_time(next_));
    g_source_attach(source_, nullptr);
}

FrameTick::~FrameTick() {
    g_source_destroy(source_);
    g_source_unref(source_);
}

gboolean FrameTick::dispatch(GSource* source, GSourceFunc, gpointer data) {
    auto& tick = *static_cast<FrameTick*>(data);
    tick.frame_();
    tick.next_ += FrameMeter::period;
    const std::chrono::nanoseconds late = now() - tick.next_;
    if (late.count() > 0) {
        tick.next_ += (late / FrameMeter::period + 1) * FrameMeter::period;
    }
    g_source_set_ready_time(source, ready_time(tick.next_));
    return G_SOURCE_CONTINUE;
}

}  // namespace demo
