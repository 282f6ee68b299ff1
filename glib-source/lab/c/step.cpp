// SPDX-License-Identifier: MIT
#include <algorithm>

#include "c/calls.hpp"
#include "c/lab_object.hpp"

using nestling::lab::c::guarded;

extern "C" {

GType nestling_lab_step_get_type(void) {
    return nestling::lab::c::boxed_type<NestlingLabStep>("NestlingLabStep");
}

NestlingLabStep* nestling_lab_step_ref(NestlingLabStep* step) {
    return NestlingLabStep::ref(step);
}

void nestling_lab_step_unref(NestlingLabStep* step) {
    NestlingLabStep::unref(step);
}

guint64 nestling_lab_step_get_number(const NestlingLabStep* step) {
    g_return_val_if_fail(step != nullptr, 0);
    return step->seen.number;
}

guint nestling_lab_step_get_depth(const NestlingLabStep* step) {
    g_return_val_if_fail(step != nullptr, 0);
    return step->seen.depth;
}

gint64 nestling_lab_step_get_begin(const NestlingLabStep* step) {
    g_return_val_if_fail(step != nullptr, 0);
    return step->seen.begin.count();
}

gint64 nestling_lab_step_get_end(const NestlingLabStep* step) {
    g_return_val_if_fail(step != nullptr, 0);
    return step->seen.end.count();
}

int nestling_lab_step_get_timeout(const NestlingLabStep* step) {
    g_return_val_if_fail(step != nullptr, 0);
    return step->seen.timeout;
}

gint64 nestling_lab_step_get_slept(const NestlingLabStep* step) {
    g_return_val_if_fail(step != nullptr, 0);
    return step->seen.slept.count();
}

int nestling_lab_step_get_poll_result(const NestlingLabStep* step) {
    g_return_val_if_fail(step != nullptr, 0);
    return step->seen.poll_result;
}

int nestling_lab_step_get_poll_error(const NestlingLabStep* step) {
    g_return_val_if_fail(step != nullptr, 0);
    return step->seen.poll_error;
}

gboolean nestling_lab_step_would_sleep(const NestlingLabStep* step) {
    g_return_val_if_fail(step != nullptr, FALSE);
    return step->seen.would_sleep ? TRUE : FALSE;
}

guint64 nestling_lab_step_get_wakeups(const NestlingLabStep* step) {
    g_return_val_if_fail(step != nullptr, 0);
    return step->seen.wakeups;
}

guint64 nestling_lab_step_count_calls(const NestlingLabStep* step, NestlingLabCall call) {
    g_return_val_if_fail(step != nullptr, 0);
    return nestling::lab::c::count_of(step->seen.counts, call);
}

guint64 nestling_lab_step_count_allocations(const NestlingLabStep* step) {
    g_return_val_if_fail(step != nullptr, 0);
    return step->seen.counts.allocations;
}

gboolean nestling_lab_step_has_prepared(const NestlingLabStep* step, const NestlingLabRecord* record) {
    g_return_val_if_fail(step != nullptr && record != nullptr, FALSE);
    return step->seen.prepared(*record->seen) ? TRUE : FALSE;
}

gboolean nestling_lab_step_has_checked(const NestlingLabStep* step, const NestlingLabRecord* record) {
    g_return_val_if_fail(step != nullptr && record != nullptr, FALSE);
    return step->seen.checked(*record->seen) ? TRUE : FALSE;
}

gboolean nestling_lab_step_has_dispatched(const NestlingLabStep* step, const NestlingLabRecord* record) {
    g_return_val_if_fail(step != nullptr && record != nullptr, FALSE);
    return step->seen.dispatched(*record->seen) ? TRUE : FALSE;
}

guint* nestling_lab_step_get_dispatch_order(const NestlingLabStep* step, gsize* n_numbers) {
    g_return_val_if_fail(step != nullptr, nullptr);
    return guarded([=] {
        const auto order = step->seen.dispatch_order();
        guint* const numbers = g_new(guint, order.size());
        std::copy(order.begin(), order.end(), numbers);
        *n_numbers = order.size();
        return numbers;
    });
}

}  // extern "C"
