// SPDX-License-Identifier: MIT
#include "terminal/terminal_view.hpp"

#include <glib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <nestling/timer.hpp>

#include <algorithm>
#include <cstdio>
#include <string>

#include "report/escape.hpp"
#include "report/text_report.hpp"
#include "report/units.hpp"

namespace demo {

namespace {

constexpr std::uint64_t frames_per_bar = 6;
constexpr std::uint64_t frames_per_line = 120;

void put(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::fflush(stderr);
}

std::string state_text(const Run& run) {
    const Progress& progress = run.progress();
    const std::chrono::nanoseconds elapsed = run.measured().elapsed;
    std::string text = progress.walk_finished ? number_text(100 * progress.share_done(), 0) + " %" : "walking";
    text += ", " + count_text(progress.files, "file", "files") + ", " + count_text(progress.groups, "group", "groups") +
            ", " + bytes_text(progress.wasted) + " wasted, " +
            number_text(per_second(progress.bytes_read, elapsed) / 1e6, 0) + " MB/s";
    return text;
}

std::size_t columns() {
    winsize size{};
    return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

TerminalView::TerminalView(Session& session)
    : session_(session), style_(style_of_stderr()), tick_([this] { frame(); }) {}

TerminalView::Style TerminalView::style_of_stderr() {
    if (::isatty(STDERR_FILENO) == 0) {
        return Style::lines;
    }
    return g_get_charset(nullptr) != 0 ? Style::unicode_bar : Style::ascii_bar;
}

void TerminalView::started(const Run& run) {
    const Options& options = session_.options();
    std::string roots;
    for (const std::string& root : options.roots) {
        roots += ' ' + escape_path(root);
    }
    put("nestling-demo: walking" + roots + " (" + mode_name(run.mode()) + ", " +
        count_text(options.threads, "thread", "threads") + ")\n");
}

void TerminalView::problem(const Problem& problem) {
    clear_bar();
    put("nestling-demo: " + problem_line(problem));
}

void TerminalView::walk_finished(const Run& run) {
    if (style_ == Style::lines) {
        const Progress& progress = run.progress();
        put("nestling-demo: found " + count_text(progress.files, "file", "files") + " in " +
            count_text(progress.folders, "folder", "folders") + "\n");
    }
}

void TerminalView::finished(const RunReport& report) {
    clear_bar();
    const std::string skipped = skipped_text(report.progress.skipped);
    if (!skipped.empty()) {
        put("nestling-demo: left out: " + skipped + '\n');
    }
    if (report.interrupted) {
        put("nestling-demo: interrupted\n");
    }
}

void TerminalView::frame() {
    session_.frames().frame(nestling::clock_now(nestling::Clock::monotonic));
    const Run* run = session_.current();
    if (run == nullptr || run->finder().is_finished()) {
        return;
    }
    ++frames_;
    if (style_ == Style::lines) {
        if (frames_ % frames_per_line == 0) {
            put("nestling-demo: " + state_text(*run) + '\n');
        }
    } else if (frames_ % frames_per_bar == 0) {
        draw_bar(*run);
    }
}

void TerminalView::draw_bar(const Run& run) {
    const char* full = style_ == Style::unicode_bar ? "\u2588" : "#";
    const char* empty = style_ == Style::unicode_bar ? "\u2591" : "-";
    const std::string state = state_text(run);
    const std::size_t wide = columns();
    // On a narrow terminal the words are worth more than the bar.
    const std::size_t cells = wide > state.size() + 12 ? std::min<std::size_t>(wide - state.size() - 4, 40) : 0;
    const bool walking = !run.progress().walk_finished;
    const auto filled = static_cast<std::size_t>(run.progress().share_done() * static_cast<double>(cells));
    const std::size_t runner = cells > 0 ? frames_ / frames_per_bar % cells : 0;
    std::string line = "\r\033[K";
    for (std::size_t cell = 0; cell < cells; ++cell) {
        line += (walking ? cell == runner : cell < filled) ? full : empty;
    }
    put(line + ' ' + state.substr(0, wide > 2 ? wide - 2 : 0));
    bar_is_shown_ = true;
}

void TerminalView::clear_bar() {
    if (bar_is_shown_) {
        put("\r\033[K");
        bar_is_shown_ = false;
    }
}

}  // namespace demo
