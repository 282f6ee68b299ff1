// SPDX-License-Identifier: MIT
#include <nestling-lab/assertions.hpp>

#include "c/lab_object.hpp"

using nestling::lab::Expectation;
using nestling::lab::Verdict;
using nestling::lab::c::OpenLab;
using nestling::lab::c::with;
using std::chrono::nanoseconds;

namespace {

/// Whether the lab is as `make` expects; otherwise the error says what it is instead.
template <typename Make>
gboolean verify(NestlingLab* self, const char* function, GError** error, Make make) noexcept {
    if (!nestling::lab::c::is_open(self)) {
        g_set_error(error, NESTLING_LAB_ERROR, NESTLING_LAB_ERROR_CLOSED,
                    "%s: the lab was closed, or this is not its thread", function);
        return FALSE;
    }
    const bool holds = with(self, function, false, [&](OpenLab& open) {
        const Expectation expectation = make();
        const Verdict verdict = expectation(open.lab);
        if (!verdict.holds) {
            g_set_error(error, NESTLING_LAB_ERROR, NESTLING_LAB_ERROR_FAILED, "expected: %s\nbut %s",
                        expectation.words.c_str(), verdict.message.c_str());
        }
        return verdict.holds;
    });
    return holds ? TRUE : FALSE;
}

}  // namespace

extern "C" {

gboolean nestling_lab_verify_dispatched_once(NestlingLab* self, NestlingLabRecord* record, GError** error) {
    g_return_val_if_fail(record != nullptr, FALSE);
    return verify(self, __func__, error, [=] { return nestling::lab::dispatched_once(*record->seen); });
}

gboolean nestling_lab_verify_dispatched_times(NestlingLab* self, NestlingLabRecord* record, guint64 times,
                                              GError** error) {
    g_return_val_if_fail(record != nullptr, FALSE);
    return verify(self, __func__, error, [=] { return nestling::lab::dispatched_times(*record->seen, times); });
}

gboolean nestling_lab_verify_never_dispatched(NestlingLab* self, NestlingLabRecord* record, GError** error) {
    g_return_val_if_fail(record != nullptr, FALSE);
    return verify(self, __func__, error, [=] { return nestling::lab::never_dispatched(*record->seen); });
}

gboolean nestling_lab_verify_fired_at(NestlingLab* self, NestlingLabRecord* record, const gint64* times, gsize n_times,
                                      gint64 late, GError** error) {
    g_return_val_if_fail(record != nullptr, FALSE);
    return verify(self, __func__, error, [=] {
        std::vector<nanoseconds> wanted;
        for (gsize at = 0; at != n_times; ++at) {
            wanted.emplace_back(times[at]);
        }
        return nestling::lab::fired_at(*record->seen, std::move(wanted), nanoseconds(late));
    });
}

gboolean nestling_lab_verify_fired_every(NestlingLab* self, NestlingLabRecord* record, gint64 period, gint64 late,
                                         GError** error) {
    g_return_val_if_fail(record != nullptr, FALSE);
    return verify(self, __func__, error,
                  [=] { return nestling::lab::fired_every(*record->seen, nanoseconds(period), nanoseconds(late)); });
}

gboolean nestling_lab_verify_never_before(NestlingLab* self, NestlingLabRecord* record, gint64 time, GError** error) {
    g_return_val_if_fail(record != nullptr, FALSE);
    return verify(self, __func__, error, [=] { return nestling::lab::never_before(*record->seen, nanoseconds(time)); });
}

gboolean nestling_lab_verify_never_spun(NestlingLab* self, guint64 most, GError** error) {
    return verify(self, __func__, error, [=] { return nestling::lab::never_spun(most); });
}

gboolean nestling_lab_verify_never_overslept(NestlingLab* self, GError** error) {
    return verify(self, __func__, error, [] { return nestling::lab::never_overslept(); });
}

gboolean nestling_lab_verify_left_nothing(NestlingLab* self, GError** error) {
    return verify(self, __func__, error, [] { return nestling::lab::left_nothing(); });
}

gboolean nestling_lab_verify_at_most_calls_per_step(NestlingLab* self, guint64 calls, GError** error) {
    return verify(self, __func__, error, [=] { return nestling::lab::at_most_calls_per_step(calls); });
}

gboolean nestling_lab_verify_at_most_allocations_per_step(NestlingLab* self, guint64 allocations, GError** error) {
    return verify(self, __func__, error, [=] { return nestling::lab::at_most_allocations_per_step(allocations); });
}

gboolean nestling_lab_verify_one_wakeup_per_step(NestlingLab* self, GError** error) {
    return verify(self, __func__, error, [] { return nestling::lab::one_wakeup_per_step(); });
}

void nestling_lab_assertion_failed(const char* domain, const char* file, int line, const char* function,
                                   GError* error) {
    g_assertion_message(domain, file, line, function, error != nullptr ? error->message : "");
    // Tests may have made assertions nonfatal.
    g_clear_error(&error);
}

}  // extern "C"
