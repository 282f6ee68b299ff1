// SPDX-License-Identifier: MIT
#include <nestling-lab/trace.hpp>

#include <algorithm>
#include <numeric>

namespace nestling::lab {

namespace {

bool has(const Step& step, TraceEvent::What what, const SourceRecord& source) noexcept {
    return std::any_of(step.events.begin(), step.events.end(), [&](const TraceEvent& event) {
        return event.what == what && event.source == source.number && event.is_asked;
    });
}

}  // namespace

const char* name_of(Call call) noexcept {
    constexpr std::array<const char*, call_kinds> names{"read",      "write",           "poll",    "epoll_wait",
                                                        "epoll_ctl", "timerfd_settime", "receive", "send"};
    return names[static_cast<std::size_t>(call)];
}

std::uint64_t Counts::all_calls() const noexcept {
    return std::accumulate(calls.begin(), calls.end(), std::uint64_t{0});
}

Counts Counts::since(const Counts& earlier) const noexcept {
    Counts difference = *this;
    for (std::size_t kind = 0; kind != call_kinds; ++kind) {
        difference.calls[kind] -= earlier.calls[kind];
    }
    difference.allocations -= earlier.allocations;
    return difference;
}

std::string SourceRecord::label() const {
    return name + "#" + std::to_string(number);
}

bool Step::prepared(const SourceRecord& source) const noexcept {
    return has(*this, TraceEvent::What::prepare, source);
}

bool Step::checked(const SourceRecord& source) const noexcept {
    return has(*this, TraceEvent::What::check, source);
}

bool Step::dispatched(const SourceRecord& source) const noexcept {
    return has(*this, TraceEvent::What::dispatch, source);
}

std::vector<unsigned> Step::dispatch_order() const {
    std::vector<unsigned> order;
    for (const TraceEvent& event : events) {
        if (event.what == TraceEvent::What::dispatch) {
            order.push_back(event.source);
        }
    }
    return order;
}

}  // namespace nestling::lab
