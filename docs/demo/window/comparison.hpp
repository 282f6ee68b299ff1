// SPDX-License-Identifier: MIT
#pragma once

#include <gtk/gtk.h>

#include <array>

#include "report/run_report.hpp"

namespace demo {

/// The same job in both modes, beside each other: what is going on now, and what the other mode did last.
class Comparison {
public:
    Comparison();
    [[nodiscard]] GtkWidget* widget() const noexcept { return grid_; }
    void update(Mode mode, const Measurements& measured);

private:
    static constexpr std::size_t rows = 5;
    using Column = std::array<GtkWidget*, rows>;

    GtkWidget* grid_;
    std::array<Column, 2> cells_{};
};

}  // namespace demo
