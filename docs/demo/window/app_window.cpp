// SPDX-License-Identifier: MIT
#include "window/app_window.hpp"

#include <nestling/timer.hpp>

#include <cstdio>
#include <string>

#include "report/escape.hpp"
#include "report/text_report.hpp"
#include "report/units.hpp"
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
constexpr std::uint64_t frames_before_picture = 20;

std::string roots_text(const Options& options) {
    std::string roots;
    for (const std::string& root : options.roots) {
        roots += (roots.empty() ? "" : "  ") + escape_path(root);
    }
    return roots;
}

AppWindow& self_of(gpointer self) {
    return *static_cast<AppWindow*>(self);
}

}  // namespace

AppWindow::AppWindow(Session& session)
    : session_(session),
      groups_(session.options().roots.size() == 1 ? session.options().roots.front() : std::string()),
      frames_(make_frame_strip(session.frames())),
      status_(make_label("", "status")),
      progress_(gtk_progress_bar_new()),
      problem_(make_label("", "problem")),
      nestling_button_(make_mode_button("Nestling", "nestling")),
      glib_button_(make_mode_button("plain GLib", "glib")),
      window_(gtk_window_new()) {
    load_style();
    add_classes(window_, "demo");
    GtkWindow* window = GTK_WINDOW(window_);
    gtk_window_set_title(window, "nestling-demo");
    gtk_window_set_default_size(window, 1180, 760);
    gtk_window_set_titlebar(window, make_header());
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

GtkWidget* AppWindow::make_mode_button(const char* text, const char* style) {
    GtkWidget* button = gtk_toggle_button_new_with_label(text);
    add_classes(button, "mode");
    add_classes(button, style);
    return button;
}

GtkWidget* AppWindow::make_header() {
    GtkWidget* title = make_box(GTK_ORIENTATION_VERTICAL, 0);
    append(title, make_label("Duplicate files", "title"));
    GtkWidget* where = make_label(roots_text(session_.options()).c_str(), "where");
    gtk_label_set_ellipsize(GTK_LABEL(where), PANGO_ELLIPSIZE_MIDDLE);
    append(title, where);
    GtkWidget* modes = make_box(GTK_ORIENTATION_HORIZONTAL, 0);
    add_classes(modes, "linked");
    gtk_widget_set_valign(modes, GTK_ALIGN_CENTER);
    append(modes, nestling_button_);
    append(modes, glib_button_);
    gtk_toggle_button_set_group(GTK_TOGGLE_BUTTON(glib_button_), GTK_TOGGLE_BUTTON(nestling_button_));
    GtkWidget* chosen = session_.options().mode == Mode::nestling ? nestling_button_ : glib_button_;
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(chosen), TRUE);
    // "toggled" of the one is the opposite of that of the other.
    connect(nestling_button_, "toggled", on_mode, this);
    GtkWidget* again = gtk_button_new_with_label("Run again");
    add_classes(again, "mode");
    gtk_widget_set_valign(again, GTK_ALIGN_CENTER);
    connect(again, "clicked", on_again, this);
    GtkWidget* header = gtk_header_bar_new();
    gtk_header_bar_set_title_widget(GTK_HEADER_BAR(header), modes);
    gtk_header_bar_pack_start(GTK_HEADER_BAR(header), title);
    gtk_header_bar_pack_end(GTK_HEADER_BAR(header), again);
    return header;
}

GtkWidget* AppWindow::make_body() {
    add_classes(progress_, "demo");
    GtkWidget* measures = make_box(GTK_ORIENTATION_VERTICAL, 10);
    append(measures, make_card("Frames", "time between two; red: a frame was missed", frames_));
    append(measures, make_card("Completion latency", "end of the work on its thread \u2192 callback here; log scales",
                               latency_.widget()));
    append(measures, make_card("The same job, both ways", "choose above", comparison_.widget()));
    gtk_widget_set_size_request(measures, 450, -1);
    GtkWidget* list = make_card("Duplicates", "the most wasteful first", groups_.widget());
    gtk_widget_set_hexpand(list, TRUE);
    GtkWidget* halves = make_box(GTK_ORIENTATION_HORIZONTAL, 10);
    gtk_widget_set_vexpand(halves, TRUE);
    append(halves, list);
    append(halves, measures);
    GtkWidget* words = make_box(GTK_ORIENTATION_HORIZONTAL, 16);
    gtk_label_set_ellipsize(GTK_LABEL(problem_), PANGO_ELLIPSIZE_MIDDLE);
    gtk_label_set_xalign(GTK_LABEL(problem_), 1);
    gtk_widget_set_hexpand(problem_, TRUE);
    append(words, status_);
    append(words, problem_);
    GtkWidget* body = make_box(GTK_ORIENTATION_VERTICAL, 10);
    gtk_widget_set_margin_start(body, 14);
    gtk_widget_set_margin_end(body, 14);
    gtk_widget_set_margin_top(body, 12);
    gtk_widget_set_margin_bottom(body, 14);
    append(body, words);
    append(body, progress_);
    append(body, tiles_.widget());
    append(body, halves);
    return body;
}

void AppWindow::started(const Run& run) {
    groups_.clear();
    last_problem_.clear();
    latency_.show(run.mode());
    swap_class(progress_, run.mode() == Mode::glib ? "glib" : "nestling",
               run.mode() == Mode::glib ? "nestling" : "glib");
}

void AppWindow::problem(const Problem& problem) {
    const std::string line = problem_line(problem);
    std::fprintf(stderr, "nestling-demo: %s", line.c_str());
    last_problem_ = line.substr(0, line.size() - 1);
}

void AppWindow::finished(const RunReport&) {
    list_is_stale_ = true;
    show_numbers();
    if (!session_.options().record.empty()) {
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
        session_.start(session_.options().mode);
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
        groups_.update(run->finder());
    }
}

void AppWindow::show_numbers() {
    const Run& run = *session_.current();
    const Measurements measured = run.measured();
    tiles_.update(run.progress(), measured, run.mode());
    comparison_.update(run.mode(), measured);
    latency_.set(run.mode(), measured.latency);
    set_text(problem_, last_problem_);
    show_progress();
}

void AppWindow::show_progress() {
    const Run& run = *session_.current();
    const Progress& progress = run.progress();
    GtkProgressBar* bar = GTK_PROGRESS_BAR(progress_);
    if (!progress.walk_finished && !run.finder().is_finished()) {
        gtk_progress_bar_pulse(bar);
        set_text(status_, "Walking: " + count_text(progress.files, "file", "files") + " in " +
                              count_text(progress.folders, "folder", "folders"));
        return;
    }
    const double all = static_cast<double>(progress.job_bytes);
    gtk_progress_bar_set_fraction(bar, all > 0 ? static_cast<double>(progress.job_bytes_done) / all : 1);
    if (!run.finder().is_finished()) {
        set_text(status_, "Reading: " + bytes_text(progress.job_bytes_done) + " of " + bytes_text(progress.job_bytes));
        return;
    }
    const std::string skipped = skipped_text(progress.skipped);
    set_text(status_, (run.finder().was_interrupted() ? "Interrupted after " : "Done in ") +
                          duration_text(run.measured().elapsed) + (skipped.empty() ? "" : "; left out: " + skipped) +
                          (progress.errors == 0 ? "" : "; " + count_text(progress.errors, "error", "errors")));
}

void AppWindow::choose(Mode mode) {
    if (session_.current() != nullptr) {
        session_.start(mode);
    }
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

void AppWindow::on_mode(GtkToggleButton* button, gpointer self) {
    self_of(self).choose(gtk_toggle_button_get_active(button) != FALSE ? Mode::nestling : Mode::glib);
}

void AppWindow::on_again(GtkButton*, gpointer self) {
    AppWindow& window = self_of(self);
    const bool nestling = gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(window.nestling_button_)) != FALSE;
    window.choose(nestling ? Mode::nestling : Mode::glib);
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
