// SPDX-License-Identifier: MIT
#include <nestling-glib/source.hpp>

#include <nestling/external_loop.hpp>

#include <atomic>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

#define G_LOG_DOMAIN_NESTLING "nestling"

namespace nestling::glib {

namespace {

constexpr int priority_below_redraw = 130;
constexpr int priority_background = G_PRIORITY_DEFAULT_IDLE;
constexpr std::chrono::milliseconds urgent_budget{2};

/// What one GSource needs. Lives beside the GSource, whose memory belongs to GLib.
struct Adapter {
    Adapter(std::shared_ptr<Context> nested, const SourceOptions& options)
        : context(std::move(nested)), loop(*context), budget(options.budget), reentry(options.reentry) {}

    std::shared_ptr<Context> context;
    ExternalLoop loop;
    std::chrono::nanoseconds budget;
    Reentry reentry;

    /// GLib keeps pointers to these, so they are replaced as a whole and only when the set has changed.
    std::vector<GPollFD> handles;
    std::uint64_t handles_version = 0;
    /// Held while GLib is told of handles, and while an Attachment destroys the source: a handle that GLib takes from a
    /// source that is destroyed meanwhile would stay in its poll for ever.
    std::mutex handles_mutex;
    bool is_muted = false;
    bool has_complained = false;
    unsigned depth = 0;

    /// GLib's own locks order one thread's use of a source before another's, but a ThreadSanitizer cannot see them in a
    /// GLib that is not instrumented.
    std::atomic<bool> was_used{false};
};

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
        g_log(G_LOG_DOMAIN_NESTLING, G_LOG_LEVEL_CRITICAL,
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
    Adapter& adapter = adapter_of(source);
    // BARRIER source.finalize (acquire) pairs source.step: as there.
    static_cast<void>(adapter.was_used.load(std::memory_order_acquire));
    delete &adapter;
}

}  // extern "C"

GSourceFuncs source_functions = {nestling_source_prepare,
                                 nestling_source_check,
                                 nestling_source_dispatch,
                                 nestling_source_finalize,
                                 nullptr,
                                 nullptr};

}  // namespace

SourceOptions::SourceOptions(Preset preset) {
    switch (preset) {
        case Preset::daemon:
            break;
        case Preset::gui_io:
            priority = priority_below_redraw;
            break;
        case Preset::gui_urgent:
            budget = urgent_budget;
            break;
        case Preset::background:
            priority = priority_background;
            break;
    }
}

SourcePtr make_source(std::shared_ptr<Context> context, const SourceOptions& options) {
    const std::string name = "[nestling] " + context->name();
    auto adapter = std::make_unique<Adapter>(std::move(context), options);
    SourcePtr source(g_source_new(&source_functions, sizeof(NestedSource)));
    auto& place = reinterpret_cast<NestedSource*>(source.get())->adapter;
    new (&place) std::atomic<Adapter*>(nullptr);
    // BARRIER source.make (release) pairs source.use: as there.
    place.store(adapter.release(), std::memory_order_release);
    // The default would take our handles out of GLib's poll, and put them back, around every dispatch.
    g_source_set_can_recurse(source.get(), TRUE);
    g_source_set_priority(source.get(), options.priority);
    g_source_set_name(source.get(), name.c_str());
    Adapter& made = adapter_of(source.get());
    if (made.context->monitor().kind == MonitorKind::epoll) {
        // The one handle, for life: so prepare() has nothing to tell GLib, whoever destroys the source meanwhile.
        follow_handles(source.get(), made);
    }
    return source;
}

Attachment attach(std::shared_ptr<Context> context, const SourceOptions& options, GMainContext* main_context) {
    SourcePtr source = make_source(std::move(context), options);
    if (main_context != nullptr) {
        g_source_attach(source.get(), main_context);
    } else {
        GMainContext* own = g_main_context_ref_thread_default();
        g_source_attach(source.get(), own);
        g_main_context_unref(own);
    }
    return Attachment(std::move(source));
}

Attachment& Attachment::operator=(Attachment&& other) noexcept {
    if (this != &other) {
        const Attachment old(std::move(source_));
        source_ = std::move(other.source_);
    }
    return *this;
}

Attachment::~Attachment() {
    if (source_ == nullptr) {
        return;
    }
    std::unique_lock<std::mutex> lock;
    // Any source may have been handed to the constructor.
    if (source_->source_funcs == &source_functions) {
        lock = std::unique_lock(adapter_of(source_.get()).handles_mutex);
    }
    g_source_destroy(source_.get());
}

}  // namespace nestling::glib
