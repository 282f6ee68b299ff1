// SPDX-License-Identifier: MIT
#include "source_watch.hpp"

#include <utility>

#include "lab_core.hpp"

namespace nestling::lab {

/// What a watched source's pointer to its functions points to.
struct Watched {
    GSourceFuncs functions;
    const GSourceFuncs* original;
    SourceWatch* watch;
    SourceRecord* record;

    void finalized();
};

namespace {

/// Of the pointers of all watched sources: one may be finalized by another thread while the lab ends.
std::mutex& lock_of_watched() {
    static auto& lock = *new std::mutex;
    return lock;
}

Watched& watched(GSource* source) noexcept {
    return *const_cast<Watched*>(reinterpret_cast<const Watched*>(source->source_funcs));
}

extern "C" {

static gboolean lab_prepare(GSource* source, gint* timeout) {
    Watched& mine = watched(source);
    const auto prepare = mine.original->prepare;
    // As GLib does without one.
    *timeout = -1;
    const gboolean ready = prepare != nullptr ? prepare(source, timeout) : FALSE;
    LabCore::current().note_prepare(*mine.record, ready, *timeout, prepare != nullptr);
    return ready;
}

static gboolean lab_check(GSource* source) {
    Watched& mine = watched(source);
    const auto check = mine.original->check;
    const gboolean ready = check != nullptr ? check(source) : FALSE;
    LabCore::current().note_check(*mine.record, ready, check != nullptr);
    return ready;
}

static gboolean lab_dispatch(GSource* source, GSourceFunc callback, gpointer data) {
    Watched& mine = watched(source);
    if (callback == nullptr && source->callback_funcs != nullptr) {
        // A GClosure finds its callback by the kind of source, which it tells by the pointer.
        source->source_funcs = mine.original;
        source->callback_funcs->get(source->callback_data, source, &callback, &data);
        source->source_funcs = &mine.functions;
    }
    LabCore::current().note_dispatch(*mine.record);
    const gboolean stays = mine.original->dispatch(source, callback, data);
    LabCore::current().note_dispatched(*mine.record, stays);
    return stays;
}

static void lab_finalize(GSource* source) {
    Watched& mine = watched(source);
    const GSourceFuncs* original = mine.original;
    mine.finalized();
    source->source_funcs = original;
    if (original->finalize != nullptr) {
        original->finalize(source);
    }
}

}  // extern "C"

}  // namespace

void Watched::finalized() {
    bool is_here = false;
    {
        const std::lock_guard guard(lock_of_watched());
        record->finalized.store(true, std::memory_order_seq_cst);
        is_here = watch->core_.is_home();
        if (!is_here) {
            watch->finalized_elsewhere_.push_back(record->number);
            watch->has_finalized_elsewhere_.store(true, std::memory_order_seq_cst);
        }
    }
    if (is_here) {
        watch->core_.note(TraceEvent::What::finalize, record->number);
    }
}

SourceWatch::SourceWatch(LabCore& core) noexcept : core_(core) {}

SourceWatch::~SourceWatch() {
    const std::lock_guard guard(lock_of_watched());
    for (const auto& mine : watched_) {
        if (!mine->record->finalized.load(std::memory_order_seq_cst)) {
            mine->record->source->source_funcs = mine->original;
        }
    }
}

SourceRecord* SourceWatch::find(const GSource* source) noexcept {
    const bool is_watched = source != nullptr && source->source_funcs->prepare == lab_prepare;
    return is_watched ? watched(const_cast<GSource*>(source)).record : nullptr;
}

SourceRecord& SourceWatch::watch(GSource* source) {
    if (SourceRecord* known = find(source); known != nullptr) {
        return *known;
    }
    records_.push_back(std::make_unique<SourceRecord>());
    SourceRecord& record = *records_.back();
    record.source = source;
    record.number = static_cast<unsigned>(records_.size());
    const char* name = g_source_get_name(source);
    record.name = name != nullptr ? name : "source";
    auto mine = std::make_unique<Watched>(Watched{*source->source_funcs, source->source_funcs, this, &record});
    mine->functions.prepare = lab_prepare;
    mine->functions.check = lab_check;
    mine->functions.dispatch = lab_dispatch;
    mine->functions.finalize = lab_finalize;
    source->source_funcs = &mine->functions;
    watched_.push_back(std::move(mine));
    core_.note(TraceEvent::What::attach, record.number);
    return record;
}

void SourceWatch::discover(GMainContext* context) {
    static GSourceFuncs functions{};
    // The ids of a context grow: that of a source attached now bounds those attached before.
    GSource* probe = g_source_new(&functions, sizeof(GSource));
    const guint bound = g_source_attach(probe, context);
    g_source_destroy(probe);
    g_source_unref(probe);
    for (guint id = last_id_ + 1; id < bound; ++id) {
        if (GSource* source = g_main_context_find_source_by_id(context, id); source != nullptr) {
            watch(source);
        }
    }
    last_id_ = bound;
}

std::vector<unsigned> SourceWatch::take_finalized_elsewhere() {
    if (!has_finalized_elsewhere_.load(std::memory_order_seq_cst)) {
        return {};
    }
    const std::lock_guard guard(lock_of_watched());
    has_finalized_elsewhere_.store(false, std::memory_order_seq_cst);
    return std::exchange(finalized_elsewhere_, {});
}

}  // namespace nestling::lab
