// SPDX-License-Identifier: MIT
#pragma once

#include <gtk/gtk.h>

#include <functional>

namespace demo {

/// What a painter draws on: its own widget, from 0/0 to width/height.
class Canvas {
public:
    Canvas(GtkWidget* widget, GtkSnapshot* snapshot);

    [[nodiscard]] float width() const noexcept { return width_; }
    [[nodiscard]] float height() const noexcept { return height_; }

    void fill(float x, float y, float width, float height, const GdkRGBA& colour);
    /// Small text; `x` is where it begins, or ends, or has its middle.
    enum class Align { left, centre, right };
    void text(float x, float y, Align align, const char* text, const GdkRGBA& colour);

private:
    GtkWidget* widget_;
    GtkSnapshot* snapshot_;
    float width_;
    float height_;
};

/// A widget that calls `paint` whenever it is drawn.
GtkWidget* make_paint_widget(int width, int height, std::function<void(Canvas&)> paint);

}  // namespace demo
