// SPDX-License-Identifier: MIT
#include "c/lab_object.hpp"

#include <stdexcept>

using nestling::lab::LabOptions;
using nestling::lab::WallClock;
using nestling::lab::c::OpenLab;

// NOLINTNEXTLINE(bugprone-reserved-identifier): the name that GObject's macro wants.
struct _NestlingLab {
    GObject parent;
    OpenLab* open;
};

namespace {

gpointer parent_type = nullptr;

void dispose(GObject* object) {
    auto* const self = reinterpret_cast<NestlingLab*>(object);
    if (self->open != nullptr) {
        nestling_lab_close(self);
    }
    static_cast<GObjectClass*>(parent_type)->dispose(object);
}

void init_class(gpointer type, gpointer) {
    parent_type = g_type_class_peek_parent(type);
    static_cast<GObjectClass*>(type)->dispose = dispose;
}

}  // namespace

extern "C" {

// By hand: the macro of GObject casts in the style of C.
GType nestling_lab_get_type(void) {
    static const GType type =
        g_type_register_static_simple(G_TYPE_OBJECT, g_intern_static_string("NestlingLab"), sizeof(NestlingLabClass),
                                      init_class, sizeof(NestlingLab), nullptr, G_TYPE_FLAG_FINAL);
    return type;
}

GQuark nestling_lab_error_quark(void) {
    return g_quark_from_static_string("nestling-lab-error-quark");
}

NestlingLab* nestling_lab_new(GError** error) {
    const LabOptions usual;
    return nestling_lab_new_full(NESTLING_LAB_FLAGS_NONE, static_cast<guint>(usual.steps_kept),
                                 static_cast<guint>(usual.patience.count()), error);
}

NestlingLab* nestling_lab_new_full(NestlingLabFlags flags, guint steps_kept, guint patience, GError** error) {
    LabOptions options;
    options.wall_clock = (flags & NESTLING_LAB_FLAGS_WALL_CLOCK) != 0 ? WallClock::follows : WallClock::real;
    options.steps_kept = steps_kept;
    options.patience = std::chrono::milliseconds(patience);
    return nestling::lab::c::guarded([&]() -> NestlingLab* {
        try {
            // The type first: what it needs is allocated before the lab counts.
            g_type_ensure(NESTLING_TYPE_LAB);
            auto open = std::make_unique<OpenLab>(options);
            auto* self = static_cast<NestlingLab*>(g_object_new(NESTLING_TYPE_LAB, nullptr));
            self->open = open.release();
            return self;
        } catch (const std::logic_error&) {
            g_set_error_literal(error, NESTLING_LAB_ERROR, NESTLING_LAB_ERROR_EXISTS,
                                "there is a lab in this process already; nestling_lab_close() ends it");
            return nullptr;
        }
    });
}

void nestling_lab_close(NestlingLab* self) {
    OpenLab* open = nestling::lab::c::open_lab(self, __func__);
    if (open == nullptr) {
        return;
    }
    if (open->calls != 0) {
        g_critical("nestling_lab_close: the lab cannot end inside a step of it");
        return;
    }
    self->open = nullptr;
    nestling::lab::c::guarded([open] { delete open; });
}

}  // extern "C"

namespace nestling::lab::c {

OpenLab::~OpenLab() {
    for (const auto& [number, record] : records) {
        const SourceRecord& seen = *record->seen;
        record->kept = std::make_unique<SourceRecord>();
        record->kept->number = number;
        record->kept->name = seen.name;
        record->kept->prepared = seen.prepared;
        record->kept->checked = seen.checked;
        record->kept->dispatched = seen.dispatched;
        record->kept->dispatched_at = seen.dispatched_at;
        record->kept->finalized.store(seen.finalized.load());
        record->seen = record->kept.get();
        nestling_lab_record_unref(record);
    }
}

NestlingLabRecord* OpenLab::record_of(const SourceRecord& seen) {
    NestlingLabRecord*& record = records[seen.number];
    if (record == nullptr) {
        record = new NestlingLabRecord;
        record->seen = &seen;
    }
    return nestling_lab_record_ref(record);
}

OpenLab* open_lab(NestlingLab* self, const char* function) noexcept {
    if (!NESTLING_IS_LAB(self)) {
        g_critical("%s: this is no lab", function);
    } else if (self->open == nullptr) {
        g_critical("%s: the lab was closed", function);
    } else if (self->open->home != std::this_thread::get_id()) {
        g_critical("%s: a lab is used on its own thread only", function);
    } else {
        return self->open;
    }
    return nullptr;
}

bool is_open(NestlingLab* self) noexcept {
    return NESTLING_IS_LAB(self) && self->open != nullptr && self->open->home == std::this_thread::get_id();
}

}  // namespace nestling::lab::c
