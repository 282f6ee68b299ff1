// SPDX-License-Identifier: MIT
#include "report/json_report.hpp"

#include <nestling/version.hpp>

#include <algorithm>

#include "report/escape.hpp"
#include "report/json_writer.hpp"
#include "report/units.hpp"

namespace demo {

namespace {

std::uint64_t ticks(std::chrono::nanoseconds duration) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(duration.count(), 0));
}

void write_latency(JsonWriter& json, std::string_view name, const Histogram& histogram) {
    json.key(name);
    json.begin_object();
    json.member("samples", histogram.count());
    json.member("p50_ns", ticks(histogram.quantile(0.5)));
    json.member("p99_ns", ticks(histogram.quantile(0.99)));
    json.member("max_ns", ticks(histogram.max()));
    json.end_object();
}

void write_skipped(JsonWriter& json, const Skipped& skipped) {
    json.key("skipped");
    json.begin_object();
    json.member("links", skipped.links);
    json.member("fifos", skipped.fifos);
    json.member("sockets", skipped.sockets);
    json.member("devices", skipped.devices);
    json.end_object();
}

void write_counts(JsonWriter& json, const RunReport& report) {
    const Progress& progress = report.progress;
    json.key("counts");
    json.begin_object();
    json.member("folders", progress.folders);
    json.member("files", progress.files);
    json.member("bytes", progress.bytes);
    json.member("too_small", progress.too_small);
    write_skipped(json, progress.skipped);
    json.member("groups", progress.groups);
    json.member("duplicates", progress.duplicates);
    json.member("wasted_bytes", progress.wasted);
    json.member("errors", progress.errors);
    json.member("notes", progress.notes);
    json.member("jobs", progress.jobs);
    json.member("jobs_done", progress.jobs_done);
    json.member("queue_full", progress.refused);
    json.member("bytes_read", progress.bytes_read);
    json.end_object();
}

void write_measurements(JsonWriter& json, const RunReport& report) {
    const Measurements& measured = report.measured;
    json.key("measured");
    json.begin_object();
    json.member("elapsed_ns", ticks(measured.elapsed));
    json.key("files_per_second");
    json.number(per_second(report.progress.files, measured.elapsed), 1);
    json.key("megabytes_per_second");
    json.number(per_second(report.progress.bytes_read, measured.elapsed) / 1e6, 3);
    json.member("frames", measured.frames.frames);
    json.member("frames_late", measured.frames.late);
    json.member("worst_frame_ns", ticks(measured.frames.worst));
    json.member("sent", measured.sent);
    json.member("received", measured.received);
    write_latency(json, "latency", measured.latency);
    json.member("wake_writes", measured.wakes.written);
    json.member("sleeps", measured.wakes.sleeps);
    json.key("wake_writes_per_sleep");
    if (measured.wakes.sleeps == 0) {
        json.null();
    } else {
        json.number(static_cast<double>(measured.wakes.written) / static_cast<double>(measured.wakes.sleeps), 4);
    }
    json.member("longest_callback_ns", ticks(measured.longest_callback));
    json.member("longest_callback", measured.longest_callback_name);
    json.member("timers_early", measured.timers_early);
    write_latency(json, "timer_100us_lateness", measured.timer_lateness);
    json.end_object();
}

void write_groups(JsonWriter& json, const RunReport& report) {
    json.key("groups");
    json.begin_array();
    for (const ReportedGroup& group : report.groups) {
        json.begin_object();
        json.member("size", group.size);
        json.member("sha256", to_hex(group.digest));
        json.member("wasted_bytes", group.wasted);
        json.key("files");
        json.begin_array();
        for (const std::vector<std::string>& names : group.copies) {
            json.begin_object();
            json.key("names");
            json.begin_array();
            for (const std::string& name : names) {
                json.text(escape_path(name));
            }
            json.end_array();
            json.end_object();
        }
        json.end_array();
        json.end_object();
    }
    json.end_array();
}

void write_problems(JsonWriter& json, const RunReport& report) {
    json.key("problems");
    json.begin_array();
    for (const Problem& problem : report.problems) {
        json.begin_object();
        json.member("kind", problem.kind == Problem::Kind::error ? "error" : "note");
        json.member("path", escape_path(problem.path));
        json.member("text", escape_path(problem.text));
        json.end_object();
    }
    json.end_array();
}

}  // namespace

std::string json_report(const RunReport& report, const RunReport* other) {
    JsonWriter json;
    json.begin_object();
    json.member("program", "nestling-demo " NESTLING_VERSION);
    json.key("roots");
    json.begin_array();
    for (const std::string& root : report.roots) {
        json.text(escape_path(root));
    }
    json.end_array();
    json.member("mode", mode_name(report.mode));
    json.member("threads", report.threads);
    json.member("monitor", report.monitor);
    json.member("reading", report.reading);
    json.key("interrupted");
    json.truth(report.interrupted);
    write_counts(json, report);
    write_measurements(json, report);
    json.key("other_mode");
    if (other == nullptr) {
        json.null();
    } else {
        json.begin_object();
        json.member("mode", mode_name(other->mode));
        write_counts(json, *other);
        write_measurements(json, *other);
        json.end_object();
    }
    write_groups(json, report);
    write_problems(json, report);
    json.end_object();
    return json.result();
}

}  // namespace demo
