// SPDX-License-Identifier: MIT
// The conformance kit.
#include <nestling-lab/kit.hpp>

#include <stdexcept>

#include "c/callback.hpp"
#include "c/lab_object.hpp"

using nestling::lab::CaseResult;
using nestling::lab::Outcome;
using nestling::lab::Report;
using nestling::lab::Subject;
using nestling::lab::Traits;
using nestling::lab::c::Callback;
using nestling::lab::c::guarded;

static_assert(static_cast<int>(Traits::posts) == NESTLING_LAB_TRAITS_POSTS &&
              static_cast<int>(Traits::held) == NESTLING_LAB_TRAITS_HELD &&
              static_cast<int>(Traits::one_shot) == NESTLING_LAB_TRAITS_ONE_SHOT &&
              static_cast<int>(Outcome::not_applicable) == NESTLING_LAB_OUTCOME_NOT_APPLICABLE);

struct NestlingLabSubject : nestling::lab::c::Boxed<NestlingLabSubject> {
    Subject subject;
};

struct NestlingLabReport : nestling::lab::c::Boxed<NestlingLabReport> {
    explicit NestlingLabReport(Report given) : report(std::move(given)) {}
    const Report report;
};

namespace {

const CaseResult* result_of(const NestlingLabReport* report, guint number) noexcept {
    return number < report->report.results.size() ? &report->report.results[number] : nullptr;
}

}  // namespace

extern "C" {

NestlingLabReport* nestling_lab_check_source(const char* name, NestlingLabTraits traits, NestlingLabFactory factory,
                                             NestlingLabStimulus stimulus, gpointer factory_data,
                                             gpointer stimulus_data, GError** error) {
    g_return_val_if_fail(factory != nullptr, nullptr);
    NestlingLabSubject* const subject = nestling_lab_subject_new(name, traits, factory, factory_data, nullptr);
    if (stimulus != nullptr) {
        nestling_lab_subject_set_stimulus(subject, stimulus, stimulus_data, nullptr);
    }
    NestlingLabReport* const report = nestling_lab_subject_check(subject, error);
    nestling_lab_subject_unref(subject);
    return report;
}

NestlingLabSubject* nestling_lab_subject_new(const char* name, NestlingLabTraits traits, NestlingLabFactory factory,
                                             gpointer user_data, GDestroyNotify destroy) {
    g_return_val_if_fail(factory != nullptr, nullptr);
    return guarded([=] {
        auto* const self = new NestlingLabSubject;
        self->subject.name = name != nullptr ? name : "source";
        self->subject.traits = static_cast<Traits>(traits);
        self->subject.make = Callback(factory, user_data, destroy);
        return self;
    });
}

GType nestling_lab_subject_get_type(void) {
    return nestling::lab::c::boxed_type<NestlingLabSubject>("NestlingLabSubject");
}

NestlingLabSubject* nestling_lab_subject_ref(NestlingLabSubject* self) {
    return NestlingLabSubject::ref(self);
}

void nestling_lab_subject_unref(NestlingLabSubject* self) {
    NestlingLabSubject::unref(self);
}

void nestling_lab_subject_set_stimulus(NestlingLabSubject* self, NestlingLabStimulus stimulus, gpointer user_data,
                                       GDestroyNotify destroy) {
    g_return_if_fail(stimulus != nullptr);
    guarded([=] { self->subject.stimulate = Callback(stimulus, user_data, destroy); });
}

void nestling_lab_subject_set_arm(NestlingLabSubject* self, NestlingLabArm arm, gpointer user_data,
                                  GDestroyNotify destroy) {
    g_return_if_fail(arm != nullptr);
    guarded([=] {
        self->subject.arm = [callback = Callback(arm, user_data, destroy)](
                                GSource* source, std::chrono::nanoseconds time) { callback(source, time.count()); };
    });
}

void nestling_lab_subject_set_fd(NestlingLabSubject* self, NestlingLabFdOf fd_of, gpointer user_data,
                                 GDestroyNotify destroy) {
    g_return_if_fail(fd_of != nullptr);
    guarded([=] { self->subject.fd = Callback(fd_of, user_data, destroy); });
}

NestlingLabReport* nestling_lab_subject_check(NestlingLabSubject* self, GError** error) {
    return guarded([=]() -> NestlingLabReport* {
        try {
            return new NestlingLabReport(nestling::lab::check_source(self->subject));
        } catch (const std::logic_error&) {
            g_set_error_literal(error, NESTLING_LAB_ERROR, NESTLING_LAB_ERROR_EXISTS,
                                "the kit makes labs of its own: close yours first");
            return nullptr;
        }
    });
}

GType nestling_lab_report_get_type(void) {
    return nestling::lab::c::boxed_type<NestlingLabReport>("NestlingLabReport");
}

NestlingLabReport* nestling_lab_report_ref(NestlingLabReport* report) {
    return NestlingLabReport::ref(report);
}

void nestling_lab_report_unref(NestlingLabReport* report) {
    NestlingLabReport::unref(report);
}

gboolean nestling_lab_report_has_passed(const NestlingLabReport* report) {
    g_return_val_if_fail(report != nullptr, FALSE);
    return report->report.passed() ? TRUE : FALSE;
}

char* nestling_lab_report_get_text(const NestlingLabReport* report) {
    g_return_val_if_fail(report != nullptr, nullptr);
    return guarded([=] { return g_strdup(report->report.text().c_str()); });
}

guint nestling_lab_report_get_n_cases(const NestlingLabReport* report) {
    g_return_val_if_fail(report != nullptr, 0);
    return static_cast<guint>(report->report.results.size());
}

NestlingLabOutcome nestling_lab_report_get_outcome(const NestlingLabReport* report, guint number) {
    g_return_val_if_fail(report != nullptr, NESTLING_LAB_OUTCOME_NOT_APPLICABLE);
    const CaseResult* const result = result_of(report, number);
    return result != nullptr ? static_cast<NestlingLabOutcome>(result->outcome) : NESTLING_LAB_OUTCOME_NOT_APPLICABLE;
}

const char* nestling_lab_report_get_name(const NestlingLabReport* report, guint number) {
    g_return_val_if_fail(report != nullptr, nullptr);
    const CaseResult* const result = result_of(report, number);
    return result != nullptr ? result->promise.name : nullptr;
}

const char* nestling_lab_report_get_why(const NestlingLabReport* report, guint number) {
    g_return_val_if_fail(report != nullptr, nullptr);
    const CaseResult* const result = result_of(report, number);
    return result != nullptr ? result->promise.why : nullptr;
}

const char* nestling_lab_report_get_words(const NestlingLabReport* report, guint number) {
    g_return_val_if_fail(report != nullptr, nullptr);
    const CaseResult* const result = result_of(report, number);
    return result != nullptr ? result->words.c_str() : nullptr;
}

const char* nestling_lab_report_get_trace(const NestlingLabReport* report, guint number) {
    g_return_val_if_fail(report != nullptr, nullptr);
    const CaseResult* const result = result_of(report, number);
    return result != nullptr ? result->trace.c_str() : nullptr;
}

}  // extern "C"
