// SPDX-License-Identifier: MIT
#pragma once

#include <gtk/gtk.h>

#include "finder/duplicates.hpp"
#include "report/run_report.hpp"

namespace demo {

/// The numbers in a row at the top of the window.
class Tiles {
public:
    Tiles();
    [[nodiscard]] GtkWidget* widget() const noexcept { return row_; }
    void update(const Progress& progress, const Measurements& measured, Mode mode);

private:
    struct Tile {
        GtkWidget* value;
        GtkWidget* more;
    };
    Tile add(const char* name);

    GtkWidget* row_;
    Tile files_;
    Tile read_;
    Tile wasted_;
    Tile frame_;
    Tile wakes_;
    Tile timer_;
};

/// "0.31 for each sleep" and the like; a dash when there was no sleep.
std::string wakes_per_sleep(const Wakes& wakes);

}  // namespace demo
