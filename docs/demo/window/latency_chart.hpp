// SPDX-License-Identifier: MIT
#pragma once

#include <gtk/gtk.h>

#include <array>
#include <optional>

#include "delivery/delivery.hpp"
#include "meter/histogram.hpp"

namespace demo {

/// The time from the end of the work on its thread to the callback: bars for the mode that is on, an outline for what
/// the other one did before. Both axes are logarithmic.
class LatencyChart {
public:
    LatencyChart();

    [[nodiscard]] GtkWidget* widget() const noexcept { return widget_; }
    void set(Mode mode, const Histogram& histogram);
    /// Which mode is drawn as bars.
    void show(Mode mode);

private:
    GtkWidget* widget_;
    Mode shown_ = Mode::nestling;
    std::array<std::optional<Histogram>, 2> histograms_;
};

}  // namespace demo
