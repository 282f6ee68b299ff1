// SPDX-License-Identifier: MIT
#include "window/latency_chart.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <utility>

#include "report/units.hpp"
#include "window/paint_widget.hpp"
#include "window/style.hpp"

namespace demo {

namespace {

constexpr double first_decade = 3;  // 1 us
constexpr double decades = 7;       // up to 10 s
constexpr int bins_per_decade = 8;
constexpr int bins = static_cast<int>(decades) * bins_per_decade;
constexpr float axis_height = 16;
constexpr float label_height = 28;

using Bars = std::array<float, static_cast<std::size_t>(bins)>;

std::chrono::nanoseconds edge(int bin) {
    return std::chrono::nanoseconds(
        std::llround(std::pow(10.0, first_decade + static_cast<double>(bin) / bins_per_decade)));
}

float position(std::chrono::nanoseconds duration, float width) {
    const double log = std::log10(static_cast<double>(std::max<std::int64_t>(duration.count(), 1)));
    return static_cast<float>(std::clamp((log - first_decade) / decades, 0.0, 1.0)) * width;
}

/// The heights of the bars, the highest being 1.
Bars heights(const Histogram& histogram) {
    Bars bars{};
    float highest = 0;
    for (int bin = 0; bin < bins; ++bin) {
        const auto from = bin == 0 ? std::chrono::nanoseconds(0) : edge(bin);
        float& bar = bars[static_cast<std::size_t>(bin)];
        bar = static_cast<float>(std::log2(1 + static_cast<double>(histogram.between(from, edge(bin + 1)))));
        highest = std::max(highest, bar);
    }
    for (float& bar : bars) {
        bar /= std::max(highest, 1.0F);
    }
    return bars;
}

struct Plot {
    Canvas& canvas;
    float top;
    float bottom;

    [[nodiscard]] float level(float share) const { return bottom - share * (bottom - top); }
    [[nodiscard]] float left_of(std::size_t bin) const { return static_cast<float>(bin) * canvas.width() / bins; }
};

void draw_axis(const Plot& plot) {
    static constexpr const char* names[] = {"1 us", "10 us", "100 us", "1 ms", "10 ms", "100 ms", "1 s", "10 s"};
    const float step = plot.canvas.width() / static_cast<float>(decades);
    for (int decade = 0; decade <= static_cast<int>(decades); ++decade) {
        const float x = static_cast<float>(decade) * step;
        plot.canvas.fill(x, plot.top, 1, plot.bottom - plot.top, colour::line);
        const auto align = decade == 0                           ? Canvas::Align::left
                           : decade == static_cast<int>(decades) ? Canvas::Align::right
                                                                 : Canvas::Align::centre;
        plot.canvas.text(x, plot.bottom + 3, align, names[decade], colour::dim);
    }
    plot.canvas.fill(0, plot.bottom, plot.canvas.width(), 1, faded(colour::text, 0.25F));
}

void draw_bars(const Plot& plot, const Histogram& histogram, const GdkRGBA& colour) {
    const Bars bars = heights(histogram);
    for (std::size_t bin = 0; bin < bars.size(); ++bin) {
        if (bars[bin] > 0) {
            const float top = plot.level(bars[bin]);
            plot.canvas.fill(plot.left_of(bin), top, plot.left_of(bin + 1) - plot.left_of(bin) - 1, plot.bottom - top,
                             colour);
        }
    }
}

void draw_outline(const Plot& plot, const Histogram& histogram, const GdkRGBA& colour) {
    const Bars bars = heights(histogram);
    float before = plot.bottom;
    for (std::size_t bin = 0; bin < bars.size(); ++bin) {
        const float top = plot.level(bars[bin]);
        const float x = plot.left_of(bin);
        if (std::abs(before - top) > 0.5F) {
            plot.canvas.fill(x - 1, std::min(top, before), 2, std::abs(before - top) + 2, colour);
        }
        if (bars[bin] > 0) {
            plot.canvas.fill(x, top, plot.left_of(bin + 1) - x, 2, colour);
        }
        before = top;
    }
}

void draw_marks(const Plot& plot, const Histogram& histogram, float y, const GdkRGBA& colour) {
    for (const auto& [name, share] : {std::pair{"p50 ", 0.5}, std::pair{"p99 ", 0.99}}) {
        const std::chrono::nanoseconds at = histogram.quantile(share);
        const float x = position(at, plot.canvas.width());
        const bool near_end = x > plot.canvas.width() * 0.8F;
        plot.canvas.fill(x, y, 1, plot.bottom - y, faded(colour, 0.7F));
        plot.canvas.text(near_end ? x - 4 : x + 4, y, near_end ? Canvas::Align::right : Canvas::Align::left,
                         (name + duration_text(at)).c_str(), colour);
    }
}

void draw(Canvas& canvas, const std::optional<Histogram>& shown, const std::optional<Histogram>& other, Mode mode) {
    const Plot plot{canvas, label_height, canvas.height() - axis_height};
    draw_axis(plot);
    if (shown && shown->count() > 0) {
        draw_bars(plot, *shown, faded(colour_of(mode), 0.8F));
    }
    if (other && other->count() > 0) {
        draw_outline(plot, *other, faded(colour_of(other_mode(mode)), 0.9F));
        draw_marks(plot, *other, 14, colour_of(other_mode(mode)));
    }
    if (shown && shown->count() > 0) {
        draw_marks(plot, *shown, 0, colour_of(mode));
    }
}

}  // namespace

LatencyChart::LatencyChart()
    : widget_(make_paint_widget(380, 150, [this](Canvas& canvas) {
          const auto at = [this](Mode mode) -> const std::optional<Histogram>& {
              return histograms_[static_cast<std::size_t>(mode)];
          };
          draw(canvas, at(shown_), at(other_mode(shown_)), shown_);
      })) {}

void LatencyChart::set(Mode mode, const Histogram& histogram) {
    histograms_[static_cast<std::size_t>(mode)] = histogram;
    gtk_widget_queue_draw(widget_);
}

void LatencyChart::show(Mode mode) {
    shown_ = mode;
    gtk_widget_queue_draw(widget_);
}

}  // namespace demo
