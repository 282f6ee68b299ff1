/* SPDX-License-Identifier: MIT */
#pragma once

#include <nestling-lab/c-types.h>

G_BEGIN_DECLS

/* NOLINTBEGIN(modernize-use-using): C. */

/**
 * NestlingLabTraits:
 * @NESTLING_LAB_TRAITS_NONE: nothing special
 * @NESTLING_LAB_TRAITS_ONE_SHOT: it is removed after its first event
 * @NESTLING_LAB_TRAITS_REPEATS: it delivers events that nobody stimulates: an idle source, a timer that repeats
 * @NESTLING_LAB_TRAITS_POSTS: to stimulate it is to post: from any thread, and all that the post writes is a wake-up
 * @NESTLING_LAB_TRAITS_HELD: others hold references to it, as the objects do by which languages with a garbage collector
 *   know it: that it is finalized, and closes what it owns, is not asked
 *
 * What a kind of source does that not all do.
 */
typedef enum
{
  NESTLING_LAB_TRAITS_NONE = 0,
  NESTLING_LAB_TRAITS_ONE_SHOT = 1 << 0,
  NESTLING_LAB_TRAITS_REPEATS = 1 << 1,
  NESTLING_LAB_TRAITS_POSTS = 1 << 2,
  NESTLING_LAB_TRAITS_HELD = 1 << 3
} NestlingLabTraits;

/**
 * NestlingLabOutcome:
 * @NESTLING_LAB_OUTCOME_PASSED: the source keeps the promise
 * @NESTLING_LAB_OUTCOME_FAILED: it does not
 * @NESTLING_LAB_OUTCOME_NOT_APPLICABLE: it cannot be asked of this source
 *
 * How a case ended.
 */
typedef enum
{
  NESTLING_LAB_OUTCOME_PASSED,
  NESTLING_LAB_OUTCOME_FAILED,
  NESTLING_LAB_OUTCOME_NOT_APPLICABLE
} NestlingLabOutcome;

/**
 * NestlingLabFactory:
 * @user_data: what was given with the function
 *
 * Returns: (transfer full) (nullable): a new source with its callback set, not attached
 */
typedef GSource *(*NestlingLabFactory) (gpointer user_data);

/**
 * NestlingLabStimulus:
 * @source: the source, which is attached
 * @user_data: what was given with the function
 *
 * Brings about one event.
 */
typedef void (*NestlingLabStimulus) (GSource *source, gpointer user_data);

/**
 * NestlingLabArm:
 * @source: the source, a timer
 * @time: nanoseconds
 * @user_data: what was given with the function
 *
 * Makes the next event of a timer due after @time from now.
 */
typedef void (*NestlingLabArm) (GSource *source, gint64 time, gpointer user_data);

/**
 * NestlingLabFdOf:
 * @source: the source
 * @user_data: what was given with the function
 *
 * Returns: the descriptor that the source watches and does not own
 */
typedef int (*NestlingLabFdOf) (GSource *source, gpointer user_data);

/**
 * nestling_lab_delivered:
 *
 * Any thread. For the callback of a source under test: tells the kit that an event has been delivered. Without it the kit
 * counts dispatches, and leaves out what only a callback can show.
 */
void nestling_lab_delivered (void);

/**
 * nestling_lab_check_source:
 * @name: of the kind of source
 * @traits: what it does that not all do
 * @factory: (scope call) (closure factory_data): makes one
 * @stimulus: (scope call) (closure stimulus_data) (nullable): brings about an event; %NULL: events come with time
 * @factory_data: for @factory
 * @stimulus_data: for @stimulus
 * @error: (nullable): where an error goes
 *
 * Home thread; the functions are called on it too, unless the source posts. Runs the 23 cases on fresh labs.
 *
 * Returns: (transfer full): the report, or %NULL with NESTLING_LAB_ERROR_EXISTS: no lab may live
 */
NestlingLabReport *nestling_lab_check_source (const char *name, NestlingLabTraits traits, NestlingLabFactory factory,
                                              NestlingLabStimulus stimulus, gpointer factory_data,
                                              gpointer stimulus_data, GError **error);

GType nestling_lab_subject_get_type (void);

/**
 * nestling_lab_subject_new:
 * @name: of the kind of source
 * @traits: what it does that not all do
 * @factory: (scope notified) (closure user_data) (destroy destroy): makes one
 * @user_data: for @factory
 * @destroy: (nullable): called for @user_data at the end
 *
 * Any thread. For what nestling_lab_check_source() has no parameter for.
 *
 * Returns: (transfer full): a subject
 */
NestlingLabSubject *nestling_lab_subject_new (const char *name, NestlingLabTraits traits, NestlingLabFactory factory,
                                              gpointer user_data, GDestroyNotify destroy);

/**
 * nestling_lab_subject_ref: (skip)
 * @subject: a subject
 *
 * Any thread.
 *
 * Returns: (transfer full): @subject
 */
NestlingLabSubject *nestling_lab_subject_ref (NestlingLabSubject *subject);

/**
 * nestling_lab_subject_unref: (skip)
 * @subject: (transfer full): a subject
 *
 * Any thread.
 */
void nestling_lab_subject_unref (NestlingLabSubject *subject);

/**
 * nestling_lab_subject_set_stimulus:
 * @subject: a subject
 * @stimulus: (scope notified) (closure user_data) (destroy destroy): brings about an event
 * @user_data: for @stimulus
 * @destroy: (nullable): called for @user_data at the end
 *
 * Home thread. Without one, events come with time.
 */
void nestling_lab_subject_set_stimulus (NestlingLabSubject *subject, NestlingLabStimulus stimulus, gpointer user_data,
                                        GDestroyNotify destroy);

/**
 * nestling_lab_subject_set_arm:
 * @subject: a subject
 * @arm: (scope notified) (closure user_data) (destroy destroy): sets the time of the next event
 * @user_data: for @arm
 * @destroy: (nullable): called for @user_data at the end
 *
 * Home thread. For timers.
 */
void nestling_lab_subject_set_arm (NestlingLabSubject *subject, NestlingLabArm arm, gpointer user_data,
                                   GDestroyNotify destroy);

/**
 * nestling_lab_subject_set_fd:
 * @subject: a subject
 * @fd_of: (scope notified) (closure user_data) (destroy destroy): tells the descriptor
 * @user_data: for @fd_of
 * @destroy: (nullable): called for @user_data at the end
 *
 * Home thread. For sources that watch a descriptor that is not theirs.
 */
void nestling_lab_subject_set_fd (NestlingLabSubject *subject, NestlingLabFdOf fd_of, gpointer user_data,
                                  GDestroyNotify destroy);

/**
 * nestling_lab_subject_check:
 * @subject: a subject
 * @error: (nullable): where an error goes
 *
 * Home thread. Runs all cases on fresh labs; only case 0 if that fails: the kit can make the source and stimulate it.
 *
 * Returns: (transfer full): the report, or %NULL with NESTLING_LAB_ERROR_EXISTS: no lab may live
 */
NestlingLabReport *nestling_lab_subject_check (NestlingLabSubject *subject, GError **error);

GType nestling_lab_report_get_type (void);

/**
 * nestling_lab_report_ref: (skip)
 * @report: a report
 *
 * Any thread.
 *
 * Returns: (transfer full): @report
 */
NestlingLabReport *nestling_lab_report_ref (NestlingLabReport *report);

/**
 * nestling_lab_report_unref: (skip)
 * @report: (transfer full): a report
 *
 * Any thread.
 */
void nestling_lab_report_unref (NestlingLabReport *report);

/**
 * nestling_lab_report_has_passed:
 * @report: a report
 *
 * Any thread, as all functions of reports: a report does not change.
 *
 * Returns: whether no case failed
 */
gboolean nestling_lab_report_has_passed (const NestlingLabReport *report);

/**
 * nestling_lab_report_get_text:
 * @report: a report
 *
 * Any thread.
 *
 * Returns: a line for each case, and the trace of those that failed
 */
char *nestling_lab_report_get_text (const NestlingLabReport *report);

/**
 * nestling_lab_report_get_n_cases:
 * @report: a report
 *
 * Any thread.
 *
 * Returns: how many cases there are; they have the numbers from 0 on
 */
guint nestling_lab_report_get_n_cases (const NestlingLabReport *report);

/**
 * nestling_lab_report_get_outcome:
 * @report: a report
 * @number: of the case
 *
 * Any thread.
 *
 * Returns: how the case ended
 */
NestlingLabOutcome nestling_lab_report_get_outcome (const NestlingLabReport *report, guint number);

/**
 * nestling_lab_report_get_name:
 * @report: a report
 * @number: of the case
 *
 * Any thread.
 *
 * Returns: (nullable): the name of the case; %NULL: there is no such
 */
const char *nestling_lab_report_get_name (const NestlingLabReport *report, guint number);

/**
 * nestling_lab_report_get_why:
 * @report: a report
 * @number: of the case
 *
 * Any thread.
 *
 * Returns: (nullable): why it matters, in a sentence; %NULL: there is no such case
 */
const char *nestling_lab_report_get_why (const NestlingLabReport *report, guint number);

/**
 * nestling_lab_report_get_words:
 * @report: a report
 * @number: of the case
 *
 * Any thread.
 *
 * Returns: (nullable): what went wrong, or why it does not apply; empty if it passed; %NULL: there is no such case
 */
const char *nestling_lab_report_get_words (const NestlingLabReport *report, guint number);

/**
 * nestling_lab_report_get_trace:
 * @report: a report
 * @number: of the case
 *
 * Any thread.
 *
 * Returns: (nullable): the last steps of a case that failed; %NULL: there is no such case
 */
const char *nestling_lab_report_get_trace (const NestlingLabReport *report, guint number);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NestlingLabSubject, nestling_lab_subject_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NestlingLabReport, nestling_lab_report_unref)

/* NOLINTEND(modernize-use-using) */

G_END_DECLS
