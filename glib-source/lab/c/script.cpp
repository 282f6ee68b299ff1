// SPDX-License-Identifier: MIT
// The lab's script, and what other threads do.
#include "c/callback.hpp"
#include "c/lab_object.hpp"

using nestling::lab::Phase;
using nestling::lab::c::Callback;
using nestling::lab::c::OpenLab;
using nestling::lab::c::with;
using std::chrono::nanoseconds;

static_assert(static_cast<int>(Phase::prepare) == NESTLING_LAB_PHASE_PREPARE &&
              static_cast<int>(Phase::dispatch) == NESTLING_LAB_PHASE_DISPATCH);

extern "C" {

int nestling_lab_fake_fd(NestlingLab* self) {
    return with(self, __func__, -1, [](OpenLab& open) { return open.lab.fake_fd(); });
}

void nestling_lab_at_ready(NestlingLab* self, gint64 time, int fd, GIOCondition conditions) {
    with(self, __func__, [=](OpenLab& open) { open.lab.at(nanoseconds(time)).ready(fd, conditions); });
}

void nestling_lab_at_clear(NestlingLab* self, gint64 time, int fd) {
    with(self, __func__, [=](OpenLab& open) { open.lab.at(nanoseconds(time)).clear(fd); });
}

void nestling_lab_at_pulse(NestlingLab* self, gint64 time, int fd, GIOCondition conditions) {
    with(self, __func__, [=](OpenLab& open) { open.lab.at(nanoseconds(time)).pulse(fd, conditions); });
}

void nestling_lab_at_interrupt(NestlingLab* self, gint64 time) {
    with(self, __func__, [=](OpenLab& open) { open.lab.at(nanoseconds(time)).interrupt(); });
}

void nestling_lab_at_call(NestlingLab* self, gint64 time, NestlingLabFunc func, gpointer user_data,
                          GDestroyNotify destroy) {
    g_return_if_fail(func != nullptr);
    const Callback callback(func, user_data, destroy);
    with(self, __func__, [&](OpenLab& open) { open.lab.at(nanoseconds(time)).run(callback); });
}

void nestling_lab_before(NestlingLab* self, NestlingLabPhase phase, NestlingLabFunc func, gpointer user_data,
                         GDestroyNotify destroy) {
    g_return_if_fail(func != nullptr);
    const Callback callback(func, user_data, destroy);
    with(self, __func__, [&](OpenLab& open) { open.lab.before(static_cast<Phase>(phase), callback); });
}

void nestling_lab_on_thread(NestlingLab* self, NestlingLabFunc func, gpointer user_data) {
    g_return_if_fail(func != nullptr);
    with(self, __func__, [=](OpenLab& open) { open.lab.on_thread([=] { func(user_data); }); });
}

void nestling_lab_on_owner_thread(NestlingLab* self, NestlingLabFunc func, gpointer user_data) {
    g_return_if_fail(func != nullptr);
    with(self, __func__, [=](OpenLab& open) { open.lab.on_owner_thread([=] { func(user_data); }); });
}

void nestling_lab_unref_on_thread(NestlingLab* self, GSource* source) {
    g_return_if_fail(source != nullptr);
    with(self, __func__, [=](OpenLab& open) { open.lab.on_thread([=] { g_source_unref(source); }); });
}

}  // extern "C"
