// SPDX-License-Identifier: MIT
// What happened in a lab.
#include "c/calls.hpp"
#include "c/lab_object.hpp"

using nestling::lab::c::OpenLab;
using nestling::lab::c::with;

namespace {

char* const no_text = nullptr;

}  // namespace

extern "C" {

gboolean nestling_lab_counts_calls(NestlingLab* self) {
    return with(self, __func__, false, [](OpenLab& open) { return open.lab.counts_calls(); }) ? TRUE : FALSE;
}

gboolean nestling_lab_counts_allocations(NestlingLab* self) {
    return with(self, __func__, false, [](OpenLab& open) { return open.lab.counts_allocations(); }) ? TRUE : FALSE;
}

guint64 nestling_lab_count_calls(NestlingLab* self, NestlingLabCall call) {
    return with(self, __func__, guint64{0},
                [call](OpenLab& open) { return nestling::lab::c::count_of(open.lab.counts(), call); });
}

guint64 nestling_lab_count_all_calls(NestlingLab* self) {
    return with(self, __func__, guint64{0}, [](OpenLab& open) { return guint64{open.lab.counts().all_calls()}; });
}

guint64 nestling_lab_count_allocations(NestlingLab* self) {
    return with(self, __func__, guint64{0}, [](OpenLab& open) { return guint64{open.lab.counts().allocations}; });
}

guint64 nestling_lab_get_wakeups(NestlingLab* self) {
    return with(self, __func__, guint64{0}, [](OpenLab& open) { return guint64{open.lab.wakeups()}; });
}

guint64 nestling_lab_get_steps_made(NestlingLab* self) {
    return with(self, __func__, guint64{0}, [](OpenLab& open) { return guint64{open.lab.steps_made()}; });
}

GPtrArray* nestling_lab_get_steps(NestlingLab* self) {
    GPtrArray* const steps = g_ptr_array_new_with_free_func(
        [](gpointer step) { nestling_lab_step_unref(static_cast<NestlingLabStep*>(step)); });
    with(self, __func__, [steps](OpenLab& open) {
        for (const nestling::lab::Step* step : open.lab.steps()) {
            g_ptr_array_add(steps, new NestlingLabStep(*step));
        }
    });
    return steps;
}

guint64 nestling_lab_get_longest_spin(NestlingLab* self) {
    return with(self, __func__, guint64{0}, [](OpenLab& open) { return guint64{open.lab.longest_spin()}; });
}

char* nestling_lab_get_leftovers(NestlingLab* self) {
    return with(self, __func__, no_text, [](OpenLab& open) {
        const std::string text = open.lab.leftovers().text();
        return text.empty() ? no_text : g_strdup(text.c_str());
    });
}

char* nestling_lab_get_timeline(NestlingLab* self, guint last) {
    return with(self, __func__, no_text, [last](OpenLab& open) { return g_strdup(open.lab.timeline(last).c_str()); });
}

char* nestling_lab_get_json(NestlingLab* self) {
    return with(self, __func__, no_text, [](OpenLab& open) { return g_strdup(open.lab.json().c_str()); });
}

}  // extern "C"
