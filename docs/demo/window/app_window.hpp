// SPDX-License-Identifier: MIT
#pragma once

#include <gtk/gtk.h>

#include <cstdint>

#include "session.hpp"
#include "window/comparison.hpp"
#include "window/group_list.hpp"
#include "window/header.hpp"
#include "window/latency_chart.hpp"
#include "window/progress_line.hpp"
#include "window/tiles.hpp"

namespace demo {

/// The window. Everything it shows is read once per frame or less often: what arrives never draws.
class AppWindow final : public View {
public:
    explicit AppWindow(Session& session);
    ~AppWindow() override;

    void begin() override;
    void started(const Run& run) override;
    void problem(const Problem& problem) override;
    void walk_finished(const Run&) override {}
    void finished(const RunReport& report) override;
    [[nodiscard]] bool stays_open() const override { return true; }

private:
    GtkWidget* make_body();
    void frame();
    void show_numbers();
    void take_picture();

    static gboolean on_tick(GtkWidget* widget, GdkFrameClock* clock, gpointer self);
    static gboolean on_close(GtkWindow* window, gpointer self);

    Session& session_;
    Header header_;
    ProgressLine progress_;
    Tiles tiles_;
    Comparison comparison_;
    LatencyChart latency_;
    GroupList groups_;
    GtkWidget* frames_;
    GtkWidget* window_;
    std::uint64_t frame_ = 0;
    std::uint64_t picture_at_ = 0;  ///< the frame to take the picture in; 0: not yet known
    bool list_is_stale_ = false;
};

}  // namespace demo
