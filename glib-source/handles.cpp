// SPDX-License-Identifier: MIT
#include "handles.hpp"

#include <utility>

namespace nestling::glib {

namespace {

constexpr auto errors = static_cast<GIOCondition>(G_IO_ERR | G_IO_HUP | G_IO_NVAL);
/// A single report may be of something that the dispatch itself has put right.
constexpr unsigned reports_in_vain = 3;

GIOCondition condition_of(const PollHandle& handle) {
    return static_cast<GIOCondition>(handle.events);
}

void replace_handles(GSource* source, Adapter& adapter) {
    const std::lock_guard lock(adapter.handles_mutex);
    if (g_source_is_destroyed(source) != FALSE) {
        return;
    }
    for (PolledHandle& handle : adapter.handles) {
        handle.remove(source);
    }
    adapter.handles.clear();
    for (const PollHandle& handle : adapter.loop.polls()) {
        adapter.handles.emplace_back(source, handle.fd, condition_of(handle));
    }
    adapter.handles_version = adapter.loop.polls_version();
}

/// A descriptor of ours was closed by somebody, or made useless: poll would report that without end.
void drop_failing(GSource* source, Adapter& adapter) {
    const std::lock_guard lock(adapter.handles_mutex);
    if (g_source_is_destroyed(source) != FALSE || adapter.handles_version != adapter.loop.polls_version()) {
        return;
    }
    auto polled = adapter.handles.begin();
    for (const PollHandle& handle : adapter.loop.polls()) {
        if ((polled->found(source) & errors) != 0) {
            polled->remove(source);
            g_log("nestling", G_LOG_LEVEL_CRITICAL,
                  "context \"%s\": descriptor %d reports an error that is of no handler; it is no longer polled. "
                  "Somebody closed it who does not own it.",
                  adapter.context->name().c_str(), handle.fd);
        }
        ++polled;
    }
}

}  // namespace

void mute(GSource* source, Adapter& adapter) {
    // Once: each change wakes the GMainContext.
    if (!std::exchange(adapter.is_muted, true)) {
        for (PolledHandle& handle : adapter.handles) {
            handle.modify(source, GIOCondition{});
        }
    }
}

void unmute(GSource* source, Adapter& adapter) {
    // A set that has changed is replaced in the next prepare().
    if (std::exchange(adapter.is_muted, false) && adapter.handles_version == adapter.loop.polls_version()) {
        auto polled = adapter.handles.begin();
        for (const PollHandle& handle : adapter.loop.polls()) {
            polled->modify(source, condition_of(handle));
            ++polled;
        }
    }
}

void follow_handles(GSource* source, Adapter& adapter) {
    if (adapter.handles_version != adapter.loop.polls_version()) {
        replace_handles(source, adapter);
    }
}

bool hand_in_revents(GSource* source, Adapter& adapter) {
    if (adapter.handles_version != adapter.loop.polls_version()) {
        return false;
    }
    int all = 0;
    auto polled = adapter.handles.begin();
    for (PollHandle& handle : adapter.loop.polls()) {
        handle.revents = static_cast<short>(polled->found(source));
        all |= handle.revents;
        ++polled;
    }
    return (all & errors) != 0;
}

void note_errors(GSource* source, Adapter& adapter, bool in_vain) {
    adapter.errors_in_vain = in_vain ? adapter.errors_in_vain + 1 : 0;
    if (adapter.errors_in_vain == reports_in_vain) {
        adapter.errors_in_vain = 0;
        drop_failing(source, adapter);
    }
}

}  // namespace nestling::glib
