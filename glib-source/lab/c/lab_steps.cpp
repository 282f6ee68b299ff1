// SPDX-License-Identifier: MIT
// The lab's time, its sources, and its iterations.
#include "c/lab_object.hpp"

using nestling::lab::SourceRecord;
using nestling::lab::within;
using nestling::lab::c::OpenLab;
using nestling::lab::c::with;
using std::chrono::nanoseconds;

extern "C" {

GMainContext* nestling_lab_get_context(NestlingLab* self) {
    GMainContext* const none = nullptr;
    return with(self, __func__, none, [](OpenLab& open) { return open.lab.context(); });
}

gboolean nestling_lab_has_virtual_time(NestlingLab* self) {
    return with(self, __func__, false, [](OpenLab& open) { return open.lab.has_virtual_time(); }) ? TRUE : FALSE;
}

const char* nestling_lab_get_why_real_time(NestlingLab* self) {
    const char* const none = nullptr;
    return with(self, __func__, none, [none](OpenLab& open) {
        const std::string& why = open.lab.why_real_time();
        return why.empty() ? none : why.c_str();
    });
}

gint64 nestling_lab_now(NestlingLab* self) {
    return with(self, __func__, gint64{0}, [](OpenLab& open) { return gint64{open.lab.now().count()}; });
}

void nestling_lab_advance(NestlingLab* self, gint64 time) {
    with(self, __func__, [time](OpenLab& open) { open.lab.advance(nanoseconds(time)); });
}

NestlingLabRecord* nestling_lab_adopt(NestlingLab* self, GSource* source) {
    g_return_val_if_fail(source != nullptr, nullptr);
    NestlingLabRecord* const none = nullptr;
    return with(self, __func__, none, [source](OpenLab& open) { return open.record_of(open.lab.adopt(source)); });
}

NestlingLabRecord* nestling_lab_take(NestlingLab* self, GSource* source) {
    g_return_val_if_fail(source != nullptr, nullptr);
    NestlingLabRecord* const record = nestling_lab_adopt(self, source);
    g_source_unref(source);
    return record;
}

NestlingLabRecord* nestling_lab_find(NestlingLab* self, GSource* source) {
    NestlingLabRecord* const none = nullptr;
    return with(self, __func__, none, [source, none](OpenLab& open) {
        const SourceRecord* const seen = open.lab.find(source);
        return seen != nullptr ? open.record_of(*seen) : none;
    });
}

GPtrArray* nestling_lab_get_records(NestlingLab* self) {
    GPtrArray* const records = g_ptr_array_new_with_free_func(
        [](gpointer record) { nestling_lab_record_unref(static_cast<NestlingLabRecord*>(record)); });
    with(self, __func__, [records](OpenLab& open) {
        for (const auto& seen : open.lab.sources()) {
            g_ptr_array_add(records, open.record_of(*seen));
        }
    });
    return records;
}

NestlingLabStep* nestling_lab_step(NestlingLab* self) {
    NestlingLabStep* const none = nullptr;
    return with(self, __func__, none, [](OpenLab& open) { return new NestlingLabStep(open.lab.step()); });
}

gboolean nestling_lab_prepare(NestlingLab* self) {
    return with(self, __func__, false, [](OpenLab& open) { return open.lab.prepare(); }) ? TRUE : FALSE;
}

void nestling_lab_query(NestlingLab* self) {
    with(self, __func__, [](OpenLab& open) { open.lab.query(); });
}

int nestling_lab_poll(NestlingLab* self) {
    return with(self, __func__, 0, [](OpenLab& open) { return open.lab.poll(); });
}

gboolean nestling_lab_check(NestlingLab* self) {
    return with(self, __func__, false, [](OpenLab& open) { return open.lab.check(); }) ? TRUE : FALSE;
}

void nestling_lab_dispatch(NestlingLab* self) {
    with(self, __func__, [](OpenLab& open) { open.lab.dispatch(); });
}

gboolean nestling_lab_pending(NestlingLab* self) {
    return with(self, __func__, false, [](OpenLab& open) { return open.lab.pending(); }) ? TRUE : FALSE;
}

void nestling_lab_run_for(NestlingLab* self, gint64 time) {
    with(self, __func__, [time](OpenLab& open) { open.lab.run_for(nanoseconds(time)); });
}

gboolean nestling_lab_run_until(NestlingLab* self, gint64 limit, NestlingLabCondition condition, gpointer user_data) {
    g_return_val_if_fail(condition != nullptr, FALSE);
    const bool has_come = with(self, __func__, false, [=](OpenLab& open) {
        return open.lab.run_until([=] { return condition(user_data) != FALSE; }, within(nanoseconds(limit)));
    });
    return has_come ? TRUE : FALSE;
}

}  // extern "C"
