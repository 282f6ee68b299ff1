// SPDX-License-Identifier: MIT
#include <cstdio>
#include <type_traits>

#include "lab_core.hpp"
#include "trace/timeline.hpp"

namespace nestling::lab {

namespace {

std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char letter : text) {
        if (letter == '"' || letter == '\\') {
            out += '\\';
            out += letter;
        } else if (static_cast<unsigned char>(letter) < 0x20) {
            std::array<char, 8> escape{};
            static_cast<void>(std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(letter)));
            out += escape.data();
        } else {
            out += letter;
        }
    }
    return out + "\"";
}

/// An object or an array that grows.
class Group {
public:
    explicit Group(char open) : text_(1, open), close_(open == '{' ? '}' : ']') {}
    Group& add(const std::string& value) {
        text_ += (text_.size() > 1 ? "," : "") + value;
        return *this;
    }
    Group& add(const char* key, const std::string& value) { return add(quoted(key) + ":" + value); }
    Group& add(const char* key, bool value) { return add(key, std::string(value ? "true" : "false")); }
    template <typename Number>
    requires(std::is_integral_v<Number> && !std::is_same_v<Number, bool>) Group& add(const char* key, Number value) {
        return add(key, std::to_string(value));
    }
    [[nodiscard]] std::string text() const { return text_ + close_; }

private:
    std::string text_;
    char close_;
};

const char* name_of(TraceEvent::What what) {
    switch (what) {
        case TraceEvent::What::attach:
            return "attach";
        case TraceEvent::What::prepare:
            return "prepare";
        case TraceEvent::What::check:
            return "check";
        case TraceEvent::What::dispatch:
            return "dispatch";
        case TraceEvent::What::dispatched:
            return "dispatched";
        case TraceEvent::What::finalize:
            return "finalize";
        case TraceEvent::What::act:
            return "act";
    }
    return "";
}

std::string json_of(const TraceEvent& event) {
    Group object('{');
    object.add("what", quoted(name_of(event.what)))
        .add("source", event.source)
        .add("answer", event.answer)
        .add("asked", event.is_asked)
        .add("timeout_ms", event.timeout)
        .add("at_ns", event.at.count());
    return object.text();
}

std::string json_of(const PolledFd& polled) {
    Group object('{');
    object.add("fd", polled.fd)
        .add("events", polled.events)
        .add("revents", polled.revents)
        .add("wakeup", polled.is_wakeup)
        .add("scripted", polled.is_scripted);
    return object.text();
}

std::string json_of(const Step& step) {
    Group events('[');
    for (const TraceEvent& event : step.events) {
        events.add(json_of(event));
    }
    Group polled('[');
    for (const PolledFd& one : step.polled) {
        polled.add(json_of(one));
    }
    Group calls('{');
    for (std::size_t kind = 0; kind != call_kinds; ++kind) {
        calls.add(nestling::lab::name_of(static_cast<Call>(kind)), step.counts.calls[kind]);
    }
    Group object('{');
    object.add("number", step.number)
        .add("depth", step.depth)
        .add("begin_ns", step.begin.count())
        .add("end_ns", step.end.count())
        .add("events", events.text())
        .add("has_polled", step.has_polled)
        .add("timeout_ms", step.timeout)
        .add("slept_ns", step.slept.count())
        .add("polled", polled.text())
        .add("poll_result", step.poll_result)
        .add("poll_error", step.poll_error)
        .add("would_sleep", step.would_sleep)
        .add("wakeups", step.wakeups)
        .add("calls", calls.text())
        .add("allocations", step.counts.allocations);
    return object.text();
}

std::string json_of(const SourceRecord& source) {
    Group times('[');
    for (const std::chrono::nanoseconds time : source.dispatched_at) {
        times.add(std::to_string(time.count()));
    }
    Group object('{');
    object.add("number", source.number)
        .add("name", quoted(source.name))
        .add("prepared", source.prepared)
        .add("checked", source.checked)
        .add("dispatched", source.dispatched)
        .add("dispatched_at_ns", times.text())
        .add("finalized", source.finalized.load(std::memory_order_seq_cst));
    return object.text();
}

}  // namespace

std::string trace_json(LabCore& core) {
    Group sources('[');
    for (const auto& source : core.watch().records()) {
        sources.add(json_of(*source));
    }
    Group steps('[');
    for (const Step* step : core.tracer().kept()) {
        steps.add(json_of(*step));
    }
    Group object('{');
    object.add("virtual_time", core.has_virtual_time())
        .add("now_ns", core.now().count())
        .add("sources", sources.text())
        .add("steps", steps.text());
    return object.text();
}

}  // namespace nestling::lab
