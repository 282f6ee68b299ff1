// SPDX-License-Identifier: MIT
#include "report/text_report.hpp"

#include <initializer_list>

#include "report/escape.hpp"
#include "report/units.hpp"

namespace demo {

namespace {

std::string joined(std::initializer_list<std::string> parts) {
    std::string all;
    for (const std::string& part : parts) {
        if (!part.empty()) {
            all += (all.empty() ? "" : ", ") + part;
        }
    }
    return all;
}

std::string nonzero(std::uint64_t count, const char* one, const char* many) {
    return count == 0 ? std::string() : count_text(count, one, many);
}

std::string row(const char* name, const std::string& value) {
    std::string line = "  " + std::string(name);
    line.resize(19, ' ');
    return line + value + '\n';
}

std::string group_text(const ReportedGroup& group) {
    std::string text = count_text(group.copies.size()) + " files of " + bytes_text(group.size) + ", " +
                       bytes_text(group.wasted) + " wasted, sha256 " + to_hex(group.digest) + '\n';
    for (const std::vector<std::string>& names : group.copies) {
        const char* mark = "    ";
        for (const std::string& name : names) {
            text += mark + escape_path(name) + '\n';
            mark = "      = ";
        }
    }
    return text + '\n';
}

std::string latency_text(const Histogram& histogram) {
    if (histogram.count() == 0) {
        return "no samples";
    }
    return "p50 " + duration_text(histogram.quantile(0.5)) + ", p99 " + duration_text(histogram.quantile(0.99)) +
           ", max " + duration_text(histogram.max());
}

std::string wakes_text(const Wakes& wakes, Mode mode) {
    std::string text = count_text(wakes.written) + (mode == Mode::glib ? " (one for each g_idle_add) in " : " in ") +
                       count_text(wakes.sleeps, "sleep", "sleeps");
    if (wakes.sleeps != 0) {
        text +=
            ": " + number_text(static_cast<double>(wakes.written) / static_cast<double>(wakes.sleeps), 2) + " for each";
    }
    return text;
}

std::string found_rows(const Progress& progress) {
    std::string text =
        row("files", count_text(progress.files) + " in " + count_text(progress.folders, "folder", "folders") + ", " +
                         bytes_text(progress.bytes));
    const std::string left_out =
        joined({nonzero(progress.too_small, "file that is too small", "files that are too small"),
                skipped_text(progress.skipped)});
    if (!left_out.empty()) {
        text += row("left out", left_out);
    }
    text += row("read", bytes_text(progress.bytes_read) + " in " + count_text(progress.jobs_done, "job", "jobs"));
    text += row("duplicates", count_text(progress.groups, "group", "groups") + " of " +
                                  count_text(progress.duplicates, "file", "files"));
    text += row("wasted", bytes_text(progress.wasted));
    text += row("errors", count_text(progress.errors));
    return text;
}

std::string measured_rows(const RunReport& report) {
    const Measurements& measured = report.measured;
    const FrameMeter::Facts& frames = measured.frames;
    std::string text =
        row("time", duration_text(measured.elapsed) + ", " +
                        count_text(static_cast<std::uint64_t>(per_second(report.progress.files, measured.elapsed))) +
                        " files/s, " + number_text(per_second(report.progress.bytes_read, measured.elapsed) / 1e6, 1) +
                        " MB/s");
    text += row("frames", count_text(frames.frames) + ", " + count_text(frames.late) + " late, worst interval " +
                              duration_text(frames.worst));
    text += row("latency", latency_text(measured.latency) + " (" +
                               count_text(measured.received, "completion", "completions") + ")");
    text += row("longest callback", duration_text(measured.longest_callback) + " (" + measured.longest_callback_name +
                                        ") of the context's");
    text += row("wake writes", wakes_text(measured.wakes, report.mode));
    text +=
        row("100 us timer", count_text(measured.timers_early) + " of " + count_text(measured.timer_lateness.count()) +
                                " early; late " + latency_text(measured.timer_lateness));
    return text;
}

std::string delivery_row(const RunReport& report) {
    return row("reading", report.reading) +
           row("delivery", std::string(report.mode == Mode::nestling ? "Nestling" : "plain GLib, g_idle_add") + ", " +
                               count_text(report.threads, "thread", "threads") + ", " + report.monitor + " monitor");
}

}  // namespace

std::string skipped_text(const Skipped& skipped) {
    return joined({nonzero(skipped.links, "symbolic link", "symbolic links"), nonzero(skipped.fifos, "fifo", "fifos"),
                   nonzero(skipped.sockets, "socket", "sockets"), nonzero(skipped.devices, "device", "devices")});
}

std::string problem_line(const Problem& problem) {
    return (problem.kind == Problem::Kind::error ? "error: " : "note: ") + escape_path(problem.path) + ": " +
           escape_path(problem.text) + '\n';
}

std::string text_report(const RunReport& report, const RunReport* other) {
    std::string text;
    for (auto group = report.groups.rbegin(); group != report.groups.rend(); ++group) {
        text += group_text(*group);
    }
    std::string roots;
    for (const std::string& root : report.roots) {
        roots += (roots.empty() ? "" : " ") + escape_path(root);
    }
    text += "Duplicates under " + roots + (report.interrupted ? ": INTERRUPTED, this is a part only" : "") + '\n';
    text += found_rows(report.progress);
    text += measured_rows(report);
    text += delivery_row(report);
    if (other != nullptr) {
        text += "The same job before, for comparison\n" + measured_rows(*other) + delivery_row(*other);
    }
    return text;
}

}  // namespace demo
