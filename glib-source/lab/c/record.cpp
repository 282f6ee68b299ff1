// SPDX-License-Identifier: MIT
#include "c/lab_object.hpp"

extern "C" {

GType nestling_lab_record_get_type(void) {
    return nestling::lab::c::boxed_type<NestlingLabRecord>("NestlingLabRecord");
}

NestlingLabRecord* nestling_lab_record_ref(NestlingLabRecord* record) {
    return NestlingLabRecord::ref(record);
}

void nestling_lab_record_unref(NestlingLabRecord* record) {
    NestlingLabRecord::unref(record);
}

guint nestling_lab_record_get_number(const NestlingLabRecord* record) {
    g_return_val_if_fail(record != nullptr, 0);
    return record->seen->number;
}

const char* nestling_lab_record_get_name(const NestlingLabRecord* record) {
    g_return_val_if_fail(record != nullptr, nullptr);
    return record->seen->name.c_str();
}

guint64 nestling_lab_record_get_prepared(const NestlingLabRecord* record) {
    g_return_val_if_fail(record != nullptr, 0);
    return record->seen->prepared;
}

guint64 nestling_lab_record_get_checked(const NestlingLabRecord* record) {
    g_return_val_if_fail(record != nullptr, 0);
    return record->seen->checked;
}

guint64 nestling_lab_record_get_dispatched(const NestlingLabRecord* record) {
    g_return_val_if_fail(record != nullptr, 0);
    return record->seen->dispatched;
}

gint64* nestling_lab_record_get_dispatch_times(const NestlingLabRecord* record, gsize* n_times) {
    g_return_val_if_fail(record != nullptr, nullptr);
    const auto& times = record->seen->dispatched_at;
    gint64* const copy = g_new(gint64, times.size());
    for (std::size_t at = 0; at != times.size(); ++at) {
        copy[at] = times[at].count();
    }
    *n_times = times.size();
    return copy;
}

gboolean nestling_lab_record_is_finalized(const NestlingLabRecord* record) {
    g_return_val_if_fail(record != nullptr, FALSE);
    return record->seen->finalized.load() ? TRUE : FALSE;
}

}  // extern "C"
