// SPDX-License-Identifier: MIT
#include "window/comparison.hpp"

#include "report/units.hpp"
#include "window/tiles.hpp"
#include "window/widgets.hpp"

namespace demo {

namespace {

GtkWidget* right_label(const char* text, const char* classes) {
    GtkWidget* label = make_label(text, classes);
    gtk_label_set_xalign(GTK_LABEL(label), 1);
    gtk_widget_set_hexpand(label, TRUE);
    return label;
}

}  // namespace

Comparison::Comparison() : grid_(gtk_grid_new()) {
    static constexpr std::array<const char*, rows> names{"completions", "latency p50", "latency p99", "worst frame",
                                                         "wake writes per sleep"};
    GtkGrid* grid = GTK_GRID(grid_);
    add_classes(grid_, "table");
    gtk_grid_set_column_spacing(grid, 16);
    gtk_grid_set_row_spacing(grid, 3);
    gtk_grid_attach(grid, right_label("Nestling", "head nestling"), 1, 0, 1, 1);
    gtk_grid_attach(grid, right_label("plain GLib", "head glib"), 2, 0, 1, 1);
    for (std::size_t row = 0; row < rows; ++row) {
        const int line = static_cast<int>(row) + 1;
        gtk_grid_attach(grid, make_label(names[row], "name"), 0, line, 1, 1);
        for (std::size_t mode = 0; mode < cells_.size(); ++mode) {
            cells_[mode][row] = right_label("\u2013", "");
            gtk_grid_attach(grid, cells_[mode][row], static_cast<int>(mode) + 1, line, 1, 1);
        }
    }
}

void Comparison::update(Mode mode, const Measurements& measured) {
    const Column& column = cells_[static_cast<std::size_t>(mode)];
    set_text(column[0], count_text(measured.received));
    set_text(column[1], duration_text(measured.latency.quantile(0.5)));
    set_text(column[2], duration_text(measured.latency.quantile(0.99)));
    set_text(column[3], duration_text(measured.frames.worst));
    set_text(column[4], wakes_per_sleep(measured.wakes));
}

}  // namespace demo
