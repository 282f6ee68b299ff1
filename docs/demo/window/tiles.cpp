// SPDX-License-Identifier: MIT
#include "window/tiles.hpp"

#include "report/units.hpp"
#include "window/widgets.hpp"

namespace demo {

std::string wakes_per_sleep(const Wakes& wakes) {
    return wakes.sleeps == 0 ? "\u2013"
                             : number_text(static_cast<double>(wakes.written) / static_cast<double>(wakes.sleeps), 2);
}

Tiles::Tiles()
    : row_(make_box(GTK_ORIENTATION_HORIZONTAL, 10)),
      files_(add("FILES")),
      read_(add("READ AND HASHED")),
      wasted_(add("WASTED")),
      frame_(add("WORST FRAME")),
      wakes_(add("WAKE WRITES PER SLEEP")),
      timer_(add("TIMER SET 100 us AHEAD")) {
    gtk_box_set_homogeneous(GTK_BOX(row_), TRUE);
}

Tiles::Tile Tiles::add(const char* name) {
    const Tile tile{make_label("\u2013", "tile-value"), make_label("", "tile-more")};
    gtk_label_set_ellipsize(GTK_LABEL(tile.more), PANGO_ELLIPSIZE_END);
    GtkWidget* box = make_box(GTK_ORIENTATION_VERTICAL, 1);
    add_classes(box, "card");
    append(box, make_label(name, "tile-name"));
    append(box, tile.value);
    append(box, tile.more);
    append(row_, box);
    return tile;
}

void Tiles::update(const Progress& progress, const Measurements& measured, Mode mode) {
    const auto files_per_second = static_cast<std::uint64_t>(per_second(progress.files, measured.elapsed));
    set_text(files_.value, count_text(progress.files));
    set_text(files_.more,
             count_text(files_per_second) + " files/s, " + count_text(progress.folders, "folder", "folders"));
    set_text(read_.value, bytes_text(progress.bytes_read));
    set_text(read_.more, number_text(per_second(progress.bytes_read, measured.elapsed) / 1e6, 1) + " MB/s, " +
                             count_text(progress.jobs_done, "job", "jobs"));
    set_text(wasted_.value, bytes_text(progress.wasted));
    set_text(wasted_.more, count_text(progress.groups, "group", "groups") + " of " +
                               count_text(progress.duplicates, "file", "files"));
    const bool on_time = measured.frames.late == 0;
    set_text(frame_.value, duration_text(measured.frames.worst));
    set_text(frame_.more, count_text(measured.frames.late) + " of " +
                              count_text(measured.frames.frames, "frame", "frames") + " late");
    swap_class(frame_.value, on_time ? "good" : "bad", on_time ? "bad" : "good");
    const bool saving = measured.wakes.written <= measured.wakes.sleeps;
    set_text(wakes_.value, wakes_per_sleep(measured.wakes));
    set_text(wakes_.more, count_text(measured.wakes.written) + (mode == Mode::glib ? " idle adds, " : " writes, ") +
                              count_text(measured.wakes.sleeps, "sleep", "sleeps"));
    swap_class(wakes_.value, saving ? "good" : "bad", saving ? "bad" : "good");
    const bool never_early = measured.timers_early == 0;
    set_text(timer_.value, "+" + duration_text(measured.timer_lateness.quantile(0.5)));
    set_text(timer_.more, "p99 +" + duration_text(measured.timer_lateness.quantile(0.99)) + ", " +
                              count_text(measured.timers_early) + " of " + count_text(measured.timer_lateness.count()) +
                              " early");
    swap_class(timer_.value, never_early ? "good" : "bad", never_early ? "bad" : "good");
}

}  // namespace demo
