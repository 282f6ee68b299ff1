// SPDX-License-Identifier: MIT
#include "window/progress_line.hpp"

#include "report/text_report.hpp"
#include "report/units.hpp"
#include "window/widgets.hpp"

namespace demo {

namespace {

std::string status_text(const Run& run) {
    const Progress& progress = run.progress();
    if (run.finder().is_finished()) {
        const std::string skipped = skipped_text(progress.skipped);
        return (run.finder().was_interrupted() ? "Interrupted after " : "Done in ") +
               duration_text(run.measured().elapsed) + (skipped.empty() ? "" : "; left out: " + skipped) +
               (progress.errors == 0 ? "" : "; " + count_text(progress.errors, "error", "errors"));
    }
    if (progress.walk_finished) {
        return "Reading: " + bytes_text(progress.job_bytes_done) + " of " + bytes_text(progress.job_bytes);
    }
    return "Walking: " + count_text(progress.files, "file", "files") + " in " +
           count_text(progress.folders, "folder", "folders");
}

}  // namespace

ProgressLine::ProgressLine()
    : box_(make_box(GTK_ORIENTATION_VERTICAL, 10)),
      status_(make_label("", "status")),
      problem_(make_label("", "problem")),
      bar_(gtk_progress_bar_new()) {
    add_classes(bar_, "demo");
    gtk_label_set_ellipsize(GTK_LABEL(problem_), PANGO_ELLIPSIZE_MIDDLE);
    gtk_label_set_xalign(GTK_LABEL(problem_), 1);
    gtk_widget_set_hexpand(problem_, TRUE);
    GtkWidget* words = make_box(GTK_ORIENTATION_HORIZONTAL, 16);
    append(words, status_);
    append(words, problem_);
    append(box_, words);
    append(box_, bar_);
}

void ProgressLine::start(Mode mode) {
    last_problem_.clear();
    swap_class(bar_, mode_name(mode), mode_name(other_mode(mode)));
}

void ProgressLine::update(const Run& run) {
    const Progress& progress = run.progress();
    set_text(status_, status_text(run));
    set_text(problem_, last_problem_);
    if (!progress.walk_finished && !run.finder().is_finished()) {
        gtk_progress_bar_pulse(GTK_PROGRESS_BAR(bar_));
    } else {
        gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(bar_), progress.share_done());
    }
}

}  // namespace demo
