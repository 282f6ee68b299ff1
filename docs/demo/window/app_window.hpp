// SPDX-License-Identifier: MIT
#pragma once

#include <gtk/gtk.h>

#include <cstdint>
#include <string>

#include "session.hpp"
#include "window/comparison.hpp"
#include "window/group_list.hpp"
#include "window/latency_chart.hpp"
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

private:
    GtkWidget* make_header();
    GtkWidget* make_body();
    GtkWidget* make_mode_button(const char* text, const char* style);
    void frame();
    void show_numbers();
    void show_progress();
    void choose(Mode mode);
    void take_picture();

    static gboolean on_tick(GtkWidget* widget, GdkFrameClock* clock, gpointer self);
    static gboolean on_close(GtkWindow* window, gpointer self);
    static void on_mode(GtkToggleButton* button, gpointer self);
    static void on_again(GtkButton* button, gpointer self);

    Session& session_;
    Tiles tiles_;
    Comparison comparison_;
    LatencyChart latency_;
    GroupList groups_;
    GtkWidget* frames_;
    GtkWidget* status_;
    GtkWidget* progress_;
    GtkWidget* problem_;
    GtkWidget* nestling_button_;
    GtkWidget* glib_button_;
    GtkWidget* window_;
    std::string last_problem_;
    std::uint64_t frame_ = 0;
    std::uint64_t picture_at_ = 0;  ///< the frame to take the picture in; 0: not yet known
    bool list_is_stale_ = false;
};

}  // namespace demo
