// SPDX-License-Identifier: MIT
// The steps of GLib's main loop, as the context takes part in them.
#include <new>

#include "adapter.hpp"
#include "handles.hpp"

namespace nestling::glib {

namespace {

constexpr const char* log_domain = "nestling";

/// After as many iterations without work the source rests: a wake-up of it from a callback of another source costs what
/// this many of GLib's calls of prepare and check cost.
constexpr unsigned rounds_before_rest = 16;

struct NestedSource {
    GSource base;
    std::atomic<Adapter*> adapter;
    /// Its own, so that it can do without some of them.
    GSourceFuncs functions;
};

NestedSource& nested(GSource* source) noexcept {
    return *reinterpret_cast<NestedSource*>(source);
}

Adapter& adapter_of(GSource* source) {
    // BARRIER source.use (acquire) pairs source.make: the adapter -> the thread that iterates.
    return *nested(source).adapter.load(std::memory_order_acquire);
}

/// One step of the source, on the thread that iterates.
class Step {
public:
    explicit Step(GSource* source) : adapter_(adapter_of(source)) {}
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;
    ~Step() { adapter_.note_use(); }
    [[nodiscard]] Adapter& adapter() const noexcept { return adapter_; }

private:
    Adapter& adapter_;
};

void complain_once(Adapter& adapter) {
    if (!std::exchange(adapter.has_complained, true)) {
        g_log(log_domain, G_LOG_LEVEL_CRITICAL,
              "context \"%s\" is iterated on a thread that is not its home thread; refused. Hand it over with "
              "release_home() and adopt_home().",
              adapter.context->name().c_str());
    }
}

/// True if the loop that calls must not run the context: it is on a foreign thread, or nested where that is refused.
bool is_refused(GSource* source, Adapter& adapter) {
    const bool is_home = adapter.context->is_home();
    if (is_home && (adapter.reentry == Reentry::allow || adapter.depth == 0)) {
        if (adapter.is_muted) {
            unmute(source, adapter);
        }
        return false;
    }
    if (!is_home) {
        complain_once(adapter);
    }
    mute(source, adapter);
    return true;
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

static gboolean nestling_source_check(GSource* source) noexcept;
static gboolean nestling_source_prepare(GSource* source, gint* timeout) noexcept;

}  // extern "C"

/// GLib takes a source that has neither prepare nor check for ready when one of its descriptors is, and calls nobody
/// before that. What is published meanwhile writes the event, whoever publishes it.
void rest(GSource* source) noexcept {
    GSourceFuncs& functions = nested(source).functions;
    functions.prepare = nullptr;
    functions.check = nullptr;
}

void take_part(GSource* source, Adapter& adapter) noexcept {
    GSourceFuncs& functions = nested(source).functions;
    functions.prepare = nestling_source_prepare;
    functions.check = nestling_source_check;
    adapter.idle_rounds = 0;
}

extern "C" {

static gboolean nestling_source_prepare(GSource* source, gint* timeout) noexcept {
    const Step step(source);
    Adapter& adapter = step.adapter();
    *timeout = -1;
    if (is_refused(source, adapter)) {
        return FALSE;
    }
    const Prepared prepared = adapter.loop.prepare();
    follow_handles(source, adapter);
    if (prepared.ready) {
        *timeout = 0;
        adapter.idle_rounds = 0;
        return TRUE;
    }
    *timeout = to_milliseconds(prepared.timeout);
    if (++adapter.idle_rounds >= rounds_before_rest && adapter.loop.may_rest()) {
        rest(source);
    }
    return FALSE;
}

static gboolean nestling_source_check(GSource* source) noexcept {
    const Step step(source);
    Adapter& adapter = step.adapter();
    if (is_refused(source, adapter)) {
        return FALSE;
    }
    hand_in_revents(source, adapter);
    return adapter.loop.check() ? TRUE : FALSE;
}

static gboolean nestling_source_dispatch(GSource* source, GSourceFunc, gpointer) noexcept {
    const Step step(source);
    Adapter& adapter = step.adapter();
    // Whatever comes of this: the next iteration has to look.
    take_part(source, adapter);
    if (is_refused(source, adapter)) {
        return G_SOURCE_CONTINUE;
    }
    const bool has_errors = hand_in_revents(source, adapter);
    // A callback may destroy the source, which ends this, and drop the last reference to the context; GLib holds the
    // source meanwhile.
    ++adapter.depth;
    const bool progress = adapter.loop.dispatch(adapter.budget);
    --adapter.depth;
    if (has_errors || adapter.errors_in_vain != 0) {
        note_errors(source, adapter, has_errors && !progress);
    }
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

/// Never called: dispatch runs the context. What our sources are known by, also when somebody has put functions in
/// front of ours, as the Source Lab does.
static gboolean nestling_source_mark(gpointer) noexcept {
    return G_SOURCE_CONTINUE;
}

static void nestling_source_ref_callback(gpointer data) noexcept {
    static_cast<CallbackWatch*>(data)->references.fetch_add(1, std::memory_order_seq_cst);
}

static void nestling_source_unref_callback(gpointer data) noexcept {
    auto* watch = static_cast<CallbackWatch*>(data);
    // Before: whoever drops the last reference frees the watch. The adapter lives as long as the source, which GLib
    // holds.
    Adapter* adapter = watch->adapter;
    const unsigned left = watch->references.fetch_sub(1, std::memory_order_seq_cst) - 1;
    if (left == 0) {
        delete watch;
        return;
    }
    if (!adapter->context->is_home()) {
        adapter->note_detachment();
        return;
    }
    if (left == adapter->depth) {
        // g_source_destroy() in a callback: nothing more is to run on behalf of this source.
        adapter->loop.end_dispatch();
    }
    adapter->note_use();
}

static void nestling_source_get_callback(gpointer, GSource*, GSourceFunc* callback, gpointer* data) noexcept {
    *callback = nestling_source_mark;
    *data = nullptr;
}

}  // extern "C"

constexpr GSourceFuncs all_functions{nestling_source_prepare,  nestling_source_check, nestling_source_dispatch,
                                     nestling_source_finalize, nestling_source_mark,  nullptr};

GSourceCallbackFuncs callback_functions{nestling_source_ref_callback, nestling_source_unref_callback,
                                        nestling_source_get_callback};

}  // namespace

SourcePtr make_nested_source(std::unique_ptr<Adapter> adapter) {
    GSourceFuncs functions = all_functions;
    SourcePtr source(g_source_new(&functions, sizeof(NestedSource)));
    NestedSource& made = nested(source.get());
    made.functions = all_functions;
    g_source_set_funcs(source.get(), &made.functions);
    new (&made.adapter) std::atomic<Adapter*>(nullptr);
    // The default would take our handles out of GLib's poll, and put them back, around every dispatch.
    g_source_set_can_recurse(source.get(), TRUE);
    if (adapter->context->monitor().kind != MonitorKind::poll) {
        // So that the first prepare() has nothing to tell GLib, which would cost an iteration.
        follow_handles(source.get(), *adapter);
    }
    adapter->watch = new CallbackWatch(*adapter);
    g_source_set_callback_indirect(source.get(), adapter->watch, &callback_functions);
    // BARRIER source.make (release) pairs source.use, source.find: the adapter -> whoever has the source.
    made.adapter.store(adapter.release(), std::memory_order_release);
    return source;
}

Adapter* find_adapter(GSource* source) noexcept {
    if (source->source_funcs->closure_callback != nestling_source_mark) {
        return nullptr;
    }
    // BARRIER source.find (acquire) pairs source.make: the adapter -> whoever ends it.
    return nested(source).adapter.load(std::memory_order_acquire);
}

}  // namespace nestling::glib
