// SPDX-License-Identifier: MIT
#include "window/frame_strip.hpp"

#include <algorithm>
#include <string>

#include "report/units.hpp"
#include "window/paint_widget.hpp"
#include "window/style.hpp"

namespace demo {

namespace {

constexpr float bar_width = 3;
constexpr float bar_pitch = 4;
constexpr float axis_width = 42;
constexpr float top_milliseconds = 50;

float milliseconds(std::chrono::nanoseconds duration) {
    return std::chrono::duration<float, std::milli>(duration).count();
}

void draw(Canvas& canvas, const FrameMeter& meter) {
    const float height = canvas.height();
    const float right = canvas.width() - axis_width;
    const auto level = [height](float ms) { return height - std::min(ms / top_milliseconds, 1.0F) * height; };
    for (const float ms : {16.67F, 33.33F}) {
        canvas.fill(0, level(ms), right + 4, 1, colour::line);
    }
    float x = right - bar_width;
    const auto& intervals = meter.intervals();
    for (auto interval = intervals.rbegin(); interval != intervals.rend() && x >= 0; ++interval, x -= bar_pitch) {
        const bool late = *interval > FrameMeter::late_after;
        const float top = level(milliseconds(*interval));
        canvas.fill(x, top, bar_width, height - top, late ? colour::late : colour::on_time);
    }
    // Over the bars, so that it can be seen whether they reach it.
    canvas.fill(0, level(16.67F), right + 4, 1, faded(colour::text, 0.55F));
    canvas.text(right + 8, level(16.67F) - 7, Canvas::Align::left, "60 fps", colour::text);
    canvas.text(right + 8, level(33.33F) - 7, Canvas::Align::left, "30 fps", colour::dim);
    canvas.text(right + 8, 0, Canvas::Align::left, "50 ms", colour::dim);
}

}  // namespace

GtkWidget* make_frame_strip(const FrameMeter& meter) {
    return make_paint_widget(380, 96, [&meter](Canvas& canvas) { draw(canvas, meter); });
}

}  // namespace demo
