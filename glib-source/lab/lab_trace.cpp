// SPDX-License-Identifier: MIT
// What the lab sees of an iteration, and which step it belongs to.
#include <algorithm>

#include "lab_core.hpp"

namespace nestling::lab {

void LabCore::begin_step() {
    if (tracer_.current() != nullptr) {
        end_step();
    }
    Step& step = tracer_.begin(now(), counts(), wakeups());
    step.events.swap(early_);
    for (const unsigned source : watch_.take_finalized_elsewhere()) {
        note(TraceEvent::What::finalize, source);
    }
    watch_.discover(context_);
}

void LabCore::leave_depth() {
    while (tracer_.current() != nullptr) {
        end_step();
    }
    tracer_.leave();
}

void LabCore::end_step() {
    tracer_.end(now(), counts(), wakeups());
}

Step& LabCore::step_at_depth() {
    Step* step = tracer_.current();
    return step != nullptr ? *step : tracer_.begin(now(), counts(), wakeups());
}

Step& LabCore::step_for_poll() {
    // A loop that others run is seen here first if none of its sources is watched yet.
    if (Step* step = tracer_.current(); step != nullptr && !step->has_polled) {
        return *step;
    }
    begin_step();
    return *tracer_.current();
}

void LabCore::push(const TraceEvent& event) {
    step_at_depth().events.push_back(event);
}

void LabCore::note(TraceEvent::What what, unsigned source) {
    Step* step = tracer_.current();
    // What happens between two steps is told with the next.
    (step != nullptr ? step->events : early_).push_back({what, source, false, true, -1, now()});
}

void LabCore::note_prepare(SourceRecord& source, bool ready, int timeout, bool is_asked) {
    // The poll of the step that is open is over: a loop that others run has begun another one.
    if (Step* step = tracer_.current(); step != nullptr && step->has_polled) {
        end_step();
    }
    source.prepared += is_asked ? 1 : 0;
    if (const gint64 due = g_source_get_ready_time(source.source); due >= 0 && !ready) {
        constexpr std::int64_t microsecond = 1000;
        constexpr std::int64_t millisecond = 1'000'000;
        const std::int64_t rest = std::max<std::int64_t>(due * microsecond - clock(), 0);
        const auto limit = static_cast<int>(std::min<std::int64_t>((rest + millisecond - 1) / millisecond, G_MAXINT));
        timeout = timeout < 0 ? limit : std::min(timeout, limit);
    }
    push({TraceEvent::What::prepare, source.number, ready, is_asked, timeout, now()});
}

void LabCore::note_check(SourceRecord& source, bool ready, bool is_asked) {
    source.checked += is_asked ? 1 : 0;
    push({TraceEvent::What::check, source.number, ready, is_asked, -1, now()});
}

void LabCore::note_dispatch(SourceRecord& source) {
    ++source.dispatched;
    source.dispatched_at.push_back(now());
    push({TraceEvent::What::dispatch, source.number, false, true, -1, now()});
    tracer_.enter();
}

void LabCore::note_dispatched(SourceRecord& source, bool stays) {
    leave_depth();
    push({TraceEvent::What::dispatched, source.number, stays, true, -1, now()});
}

}  // namespace nestling::lab
