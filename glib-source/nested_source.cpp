// SPDX-License-Identifier: MIT
// The steps of GLib's main loop, as the context takes part in them.
#include <new>

#include "adapter.hpp"

namespace nestling::glib {

namespace {

constexpr const char* log_domain = "nestling";

struct NestedSource {
    GSource base;
    std::atomic<Adapter*> adapter;
};

Adapter& adapter_of(GSource* source) {
    // BARRIER source.use (acquire) pairs source.make: the adapter -> the thread that iterates.
    return *reinterpret_cast<NestedSource*>(source)->adapter.load(std::memory_order_acquire);
}

/// One step of the source, on the thread that iterates.
class Step {
public:
    explicit Step(GSource* source) : adapter_(adapter_of(source)) {}
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;
    ~Step() {
        // BARRIER source.step (release) pairs source.finalize: what the steps did -> the thread that drops the last
        // reference.
        adapter_.was_used.store(true, std::memory_order_release);
    }
    [[nodiscard]] Adapter& adapter() const noexcept { return adapter_; }

private:
    Adapter& adapter_;
};

/// Takes the handles out of GLib's poll, where they would keep a loop awake that may not dispatch them.
void mute(Adapter& adapter) {
    adapter.is_muted = true;
    for (GPollFD& handle : adapter.handles) {
        handle.events = 0;
        handle.revents = 0;
    }
}

void unmute(Adapter& adapter) {
    // A set that has changed is replaced in the next prepare().
    if (std::exchange(adapter.is_muted, false) && adapter.handles_version == adapter.loop.polls_version()) {
        auto handle = adapter.handles.begin();
        for (const PollHandle& poll : adapter.loop.polls()) {
            (handle++)->events = static_cast<gushort>(poll.events);
        }
    }
}

void complain_once(Adapter& adapter) {
    if (!std::exchange(adapter.has_complained, true)) {
        g_log(log_domain, G_LOG_LEVEL_CRITICAL,
              "context \"%s\" is iterated on a thread that is not its home thread; refused. Hand it over with "
              "release_home() and adopt_home().",
              adapter.context->name().c_str());
    }
}

/// True if the loop that calls must not run the context: it is on a foreign thread, or nested where that is refused.
bool is_refused(Adapter& adapter) {
    const bool is_home = adapter.context->is_home();
    if (is_home && (adapter.reentry == Reentry::allow || adapter.depth == 0)) {
        unmute(adapter);
        return false;
    }
    if (!is_home) {
        complain_once(adapter);
    }
    mute(adapter);
    return true;
}

void follow_handles(GSource* source, Adapter& adapter) {
    if (adapter.handles_version == adapter.loop.polls_version()) {
        return;
    }
    const std::lock_guard lock(adapter.handles_mutex);
    if (g_source_is_destroyed(source) != FALSE) {
        return;
    }
    for (GPollFD& handle : adapter.handles) {
        g_source_remove_poll(source, &handle);
    }
    adapter.handles.clear();
    for (const PollHandle& handle : adapter.loop.polls()) {
        adapter.handles.push_back({handle.fd, static_cast<gushort>(handle.events), 0});
    }
    for (GPollFD& handle : adapter.handles) {
        g_source_add_poll(source, &handle);
    }
    adapter.handles_version = adapter.loop.polls_version();
}

void hand_in_revents(Adapter& adapter) {
    if (adapter.handles_version != adapter.loop.polls_version()) {
        return;
    }
    auto handle = adapter.handles.begin();
    for (PollHandle& poll : adapter.loop.polls()) {
        // Added to what check() has handed in: dispatch() may follow that or come without it.
        poll.revents = static_cast<short>(poll.revents | std::exchange((handle++)->revents, gushort{0}));
    }
}

/// GLib takes milliseconds. Rounded up: a timeout rounded down ends before the deadline, and the loop spins until then.
int to_milliseconds(std::chrono::nanoseconds timeout) {
    if (timeout.count() < 0) {
        return -1;
    }
    const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(timeout).count();
    return milliseconds > G_MAXINT ? G_MAXINT : static_cast<int>(milliseconds);
}

extern "C" {

static gboolean nestling_source_prepare(GSource* source, gint* timeout) noexcept {
    const Step step(source);
    Adapter& adapter = step.adapter();
    *timeout = -1;
    if (is_refused(adapter)) {
        return FALSE;
    }
    const Prepared prepared = adapter.loop.prepare();
    follow_handles(source, adapter);
    *timeout = to_milliseconds(prepared.timeout);
    return prepared.ready ? TRUE : FALSE;
}

static gboolean nestling_source_check(GSource* source) noexcept {
    const Step step(source);
    Adapter& adapter = step.adapter();
    if (is_refused(adapter)) {
        return FALSE;
    }
    hand_in_revents(adapter);
    return adapter.loop.check() ? TRUE : FALSE;
}

static gboolean nestling_source_dispatch(GSource* source, GSourceFunc, gpointer) noexcept {
    const Step step(source);
    Adapter& adapter = step.adapter();
    if (is_refused(adapter)) {
        return G_SOURCE_CONTINUE;
    }
    hand_in_revents(adapter);
    // A callback may destroy the source and drop the last reference to the context; GLib holds the source meanwhile.
    ++adapter.depth;
    adapter.loop.dispatch(adapter.budget);
    --adapter.depth;
    return G_SOURCE_CONTINUE;
}

static void nestling_source_finalize(GSource* source) noexcept {
    Adapter* adapter = find_adapter(source);
    if (adapter == nullptr) {
        // It could not be made to the end.
        return;
    }
    // BARRIER source.finalize (acquire) pairs source.step: what the steps did -> the end of the adapter.
    static_cast<void>(adapter->was_used.load(std::memory_order_acquire));
    // BARRIER source.end (acquire) pairs source.detach: what the detachment did -> the end of the adapter.
    static_cast<void>(adapter->was_detached.load(std::memory_order_acquire));
    delete adapter;
}

}  // extern "C"

GSourceFuncs source_functions = {nestling_source_prepare,
                                 nestling_source_check,
                                 nestling_source_dispatch,
                                 nestling_source_finalize,
                                 nullptr,
                                 nullptr};

}  // namespace

SourcePtr make_nested_source(std::unique_ptr<Adapter> adapter) {
    SourcePtr source(g_source_new(&source_functions, sizeof(NestedSource)));
    auto& place = reinterpret_cast<NestedSource*>(source.get())->adapter;
    new (&place) std::atomic<Adapter*>(nullptr);
    // The default would take our handles out of GLib's poll, and put them back, around every dispatch.
    g_source_set_can_recurse(source.get(), TRUE);
    if (adapter->context->monitor().kind == MonitorKind::epoll) {
        // The one handle, for life: so prepare() has nothing to tell GLib, whoever destroys the source meanwhile.
        follow_handles(source.get(), *adapter);
    }
    // BARRIER source.make (release) pairs source.use, source.find: the adapter -> whoever has the source.
    place.store(adapter.release(), std::memory_order_release);
    return source;
}

Adapter* find_adapter(GSource* source) noexcept {
    if (source->source_funcs != &source_functions) {
        return nullptr;
    }
    // BARRIER source.find (acquire) pairs source.make: the adapter -> whoever ends it.
    return reinterpret_cast<NestedSource*>(source)->adapter.load(std::memory_order_acquire);
}

}  // namespace nestling::glib
