// SPDX-License-Identifier: MIT
#include "window/app_window.hpp"

#include <nestling/timer.hpp>

#include <cstdio>
#include <string>

#include "report/text_report.hpp"
#include "window/frame_strip.hpp"
#include "window/picture.hpp"
#include "window/style.hpp"
#include "window/widgets.hpp"
#include "window/window.hpp"

namespace demo {

namespace {

// The strip moves with each frame; numbers that change more often than this cannot be read.
constexpr std::uint64_t frames_per_number = 6;
constexpr std::uint64_t frames_per_list = 15;
// Time for the window to come up, which is not what is to be measured.
constexpr std::uint64_t frames_before_start = 30;
// Time for the list to show all that was found.
constexpr std::uint64_t frames_before_picture = 30;

AppWindow& self_of(gpointer self) {
    return *static_cast<AppWindow*>(self);
}

}  // namespace

AppWindow::AppWindow(Session& session)
    : session_(session),
      header_(session),
      groups_(session.options().roots.size() == 1 ? session.options().roots.front() : std::string()),
      frames_(make_frame_strip(session.frames())),
      window_(gtk_window_new()) {
    load_style();
    add_classes(window_, "demo");
    GtkWindow* window = GTK_WINDOW(window_);
    gtk_window_set_title(window, "nestling-demo");
    gtk_window_set_default_size(window, 1180, 760);
    gtk_window_set_titlebar(window, header_.widget());
    gtk_window_set_child(window, make_body());
    connect(window_, "close-request", on_close, this);
}

AppWindow::~AppWindow() {
    gtk_window_destroy(GTK_WINDOW(window_));
}

void AppWindow::begin() {
    gtk_widget_add_tick_callback(window_, on_tick, this, nullptr);
    gtk_window_present(GTK_WINDOW(window_));
}

GtkWidget* AppWindow::make_body() {
    GtkWidget* measures = make_box(GTK_ORIENTATION_VERTICAL, 10);
    append(measures, make_card("Frames", "time between two; red: a frame was missed", frames_));
    append(measures, make_card("Completion latency", "end of the work on its thread \u2192 callback here; log scales",
                               latency_.widget()));
    gtk_widget_set_vexpand(latency_.widget(), TRUE);
    append(measures, make_card("The same job, both ways", "choose above", comparison_.widget()));
    gtk_widget_set_size_request(measures, 450, -1);
    GtkWidget* list = make_card("Duplicates", "the most wasteful first", groups_.widget());
    gtk_widget_set_hexpand(list, TRUE);
    GtkWidget* halves = make_box(GTK_ORIENTATION_HORIZONTAL, 10);
    gtk_widget_set_vexpand(halves, TRUE);
    append(halves, list);
    append(halves, measures);
    GtkWidget* body = make_box(GTK_ORIENTATION_VERTICAL, 10);
    gtk_widget_set_margin_start(body, 14);
    gtk_widget_set_margin_end(body, 14);
    gtk_widget_set_margin_top(body, 12);
    gtk_widget_set_margin_bottom(body, 14);
    append(body, progress_.widget());
    append(body, tiles_.widget());
    append(body, halves);
    return body;
}

void AppWindow::started(const Run& run) {
    header_.show(run.mode());
    progress_.start(run.mode());
    latency_.show(run.mode());
    groups_.clear();
}

void AppWindow::problem(const Problem& problem) {
    const std::string line = problem_line(problem);
    std::fprintf(stderr, "nestling-demo: %s", line.c_str());
    progress_.problem(line.substr(0, line.size() - 1));
}

void AppWindow::finished(const RunReport&) {
    list_is_stale_ = true;
    show_numbers();
    if (!session_.options().record.empty() && !session_.has_next()) {
        picture_at_ = frame_ + frames_before_picture;
    }
}

void AppWindow::frame() {
    ++frame_;
    if (picture_at_ != 0 && frame_ >= picture_at_) {
        // Before anything is marked as to be drawn anew: what is has no picture.
        take_picture();
        return;
    }
    session_.frames().frame(nestling::clock_now(nestling::Clock::monotonic));
    gtk_widget_queue_draw(frames_);
    if (frame_ == frames_before_start) {
        session_.start();
    }
    const Run* run = session_.current();
    if (run == nullptr) {
        return;
    }
    const bool running = !run->finder().is_finished();
    if (running && frame_ % frames_per_number == 0) {
        show_numbers();
    }
    if ((running && frame_ % frames_per_list == 0) || list_is_stale_) {
        list_is_stale_ = false;
        groups_.rank(run->finder());
    }
    groups_.show_some(run->finder());
}

void AppWindow::show_numbers() {
    const Run& run = *session_.current();
    const Measurements measured = run.measured();
    tiles_.update(run.progress(), measured, run.mode());
    comparison_.update(run.mode(), measured);
    latency_.set(run.mode(), measured.latency);
    progress_.update(run);
}

void AppWindow::take_picture() {
    const std::string error = save_picture(window_, session_.options().record);
    if (error.empty()) {
        session_.quit();
    } else {
        session_.fail(error);
    }
    picture_at_ = 0;
}

gboolean AppWindow::on_tick(GtkWidget*, GdkFrameClock*, gpointer self) {
    self_of(self).frame();
    return G_SOURCE_CONTINUE;
}

gboolean AppWindow::on_close(GtkWindow*, gpointer self) {
    // The report comes first; the session ends after it.
    self_of(self).session_.close();
    return TRUE;
}

std::unique_ptr<View> make_window(Session& session) {
    if (!session.options().record.empty()) {
        // A picture is also taken where there is no session bus to offer accessibility on.
        g_setenv("GTK_A11Y", "none", FALSE);
    }
    if (gtk_init_check() == FALSE) {
        return nullptr;
    }
    return std::make_unique<AppWindow>(session);
}

}  // namespace demo
