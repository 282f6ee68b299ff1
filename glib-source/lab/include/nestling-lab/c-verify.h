/* SPDX-License-Identifier: MIT */
#pragma once

#include <nestling-lab/c-types.h>

/* What can be said of a lab after it ran. Each function answers whether it holds, and if not, sets NESTLING_LAB_ERROR_FAILED
 * with a sentence and the last steps; in languages with exceptions that is one. The macros are for tests with g_test. */

G_BEGIN_DECLS

/**
 * nestling_lab_verify_dispatched_once:
 * @lab: a lab
 * @record: a source
 * @error: (nullable): where it says what happened instead
 *
 * Home thread.
 *
 * Returns: whether the source was dispatched exactly once
 */
gboolean nestling_lab_verify_dispatched_once (NestlingLab *lab, NestlingLabRecord *record, GError **error);

/**
 * nestling_lab_verify_dispatched_times:
 * @lab: a lab
 * @record: a source
 * @times: how often
 * @error: (nullable): where it says what happened instead
 *
 * Home thread.
 *
 * Returns: whether the source was dispatched so often
 */
gboolean nestling_lab_verify_dispatched_times (NestlingLab *lab, NestlingLabRecord *record, guint64 times,
                                               GError **error);

/**
 * nestling_lab_verify_never_dispatched:
 * @lab: a lab
 * @record: a source
 * @error: (nullable): where it says what happened instead
 *
 * Home thread.
 *
 * Returns: whether the source was never dispatched
 */
gboolean nestling_lab_verify_never_dispatched (NestlingLab *lab, NestlingLabRecord *record, GError **error);

/**
 * nestling_lab_verify_fired_at:
 * @lab: a lab
 * @record: a source
 * @times: (array length=n_times): the lab's times in nanoseconds
 * @n_times: how many
 * @late: how many nanoseconds after its time a dispatch may come
 * @error: (nullable): where it says what happened instead
 *
 * Home thread.
 *
 * Returns: whether the source was dispatched at @times, or at most @late after them, and at no other
 */
gboolean nestling_lab_verify_fired_at (NestlingLab *lab, NestlingLabRecord *record, const gint64 *times, gsize n_times,
                                       gint64 late, GError **error);

/**
 * nestling_lab_verify_fired_every:
 * @lab: a lab
 * @record: a source
 * @period: nanoseconds
 * @late: how many nanoseconds after its time a dispatch may come
 * @error: (nullable): where it says what happened instead
 *
 * Home thread.
 *
 * Returns: whether dispatch number n, from 1, came at n * @period, or at most @late after that, and there was one
 */
gboolean nestling_lab_verify_fired_every (NestlingLab *lab, NestlingLabRecord *record, gint64 period, gint64 late,
                                          GError **error);

/**
 * nestling_lab_verify_never_before:
 * @lab: a lab
 * @record: a source
 * @time: the lab's time in nanoseconds
 * @error: (nullable): where it says what happened instead
 *
 * Home thread.
 *
 * Returns: whether no dispatch began before @time
 */
gboolean nestling_lab_verify_never_before (NestlingLab *lab, NestlingLabRecord *record, gint64 time, GError **error);

/**
 * nestling_lab_verify_never_spun:
 * @lab: a lab
 * @most: how many; 1 is a good number
 * @error: (nullable): where it says what happened instead
 *
 * Home thread.
 *
 * Returns: whether at most so many steps in a row neither slept in poll nor dispatched anything
 */
gboolean nestling_lab_verify_never_spun (NestlingLab *lab, guint64 most, GError **error);

/**
 * nestling_lab_verify_never_overslept:
 * @lab: a lab
 * @error: (nullable): where it says what happened instead
 *
 * Home thread.
 *
 * Returns: whether no step that was kept dispatched anything after a poll that had no limit and that nothing ended; in a
 *   program that poll sleeps on: a wake-up was lost
 */
gboolean nestling_lab_verify_never_overslept (NestlingLab *lab, GError **error);

/**
 * nestling_lab_verify_left_nothing:
 * @lab: a lab
 * @error: (nullable): where it says what happened instead
 *
 * Home thread.
 *
 * Returns: whether no source of the context is left, no descriptor opened since, and no thread-default context
 */
gboolean nestling_lab_verify_left_nothing (NestlingLab *lab, GError **error);

/**
 * nestling_lab_verify_at_most_calls_per_step:
 * @lab: a lab
 * @calls: how many
 * @error: (nullable): where it says what happened instead
 *
 * Home thread.
 *
 * Returns: whether each step that was kept made at most so many system calls, of those that are counted
 */
gboolean nestling_lab_verify_at_most_calls_per_step (NestlingLab *lab, guint64 calls, GError **error);

/**
 * nestling_lab_verify_at_most_allocations_per_step:
 * @lab: a lab
 * @allocations: how many
 * @error: (nullable): where it says what happened instead
 *
 * Home thread.
 *
 * Returns: whether each step that was kept asked at most so often for memory
 */
gboolean nestling_lab_verify_at_most_allocations_per_step (NestlingLab *lab, guint64 allocations, GError **error);

/**
 * nestling_lab_verify_one_wakeup_per_step:
 * @lab: a lab
 * @error: (nullable): where it says what happened instead
 *
 * Home thread.
 *
 * Returns: whether each step that was kept saw at most one write of the context's wake-up
 */
gboolean nestling_lab_verify_one_wakeup_per_step (NestlingLab *lab, GError **error);

/**
 * nestling_lab_assertion_failed: (skip)
 * @domain: (nullable): of the log
 * @file: where
 * @line: where
 * @function: where
 * @error: (transfer full): what
 *
 * Any thread. What the macros do when something does not hold: g_assertion_message() with the text of @error.
 */
void nestling_lab_assertion_failed (const char *domain, const char *file, int line, const char *function, GError *error);

#ifndef __GI_SCANNER__
#define NESTLING_LAB_ASSERT_(call)                                                                                    \
  G_STMT_START                                                                                                        \
  {                                                                                                                   \
    GError *nestling_lab_error_ = NULL;                                                                               \
    if (!(call))                                                                                                      \
      nestling_lab_assertion_failed (G_LOG_DOMAIN, __FILE__, __LINE__, G_STRFUNC, nestling_lab_error_);               \
  }                                                                                                                   \
  G_STMT_END

#define nestling_lab_assert_dispatched_once(lab, record)                                                              \
  NESTLING_LAB_ASSERT_ (nestling_lab_verify_dispatched_once (lab, record, &nestling_lab_error_))
#define nestling_lab_assert_dispatched_times(lab, record, times)                                                      \
  NESTLING_LAB_ASSERT_ (nestling_lab_verify_dispatched_times (lab, record, times, &nestling_lab_error_))
#define nestling_lab_assert_never_dispatched(lab, record)                                                             \
  NESTLING_LAB_ASSERT_ (nestling_lab_verify_never_dispatched (lab, record, &nestling_lab_error_))
#define nestling_lab_assert_fired_at(lab, record, times, n_times, late)                                               \
  NESTLING_LAB_ASSERT_ (nestling_lab_verify_fired_at (lab, record, times, n_times, late, &nestling_lab_error_))
#define nestling_lab_assert_fired_every(lab, record, period, late)                                                    \
  NESTLING_LAB_ASSERT_ (nestling_lab_verify_fired_every (lab, record, period, late, &nestling_lab_error_))
#define nestling_lab_assert_never_before(lab, record, time)                                                           \
  NESTLING_LAB_ASSERT_ (nestling_lab_verify_never_before (lab, record, time, &nestling_lab_error_))
#define nestling_lab_assert_never_spun(lab, most)                                                                     \
  NESTLING_LAB_ASSERT_ (nestling_lab_verify_never_spun (lab, most, &nestling_lab_error_))
#define nestling_lab_assert_never_overslept(lab)                                                                      \
  NESTLING_LAB_ASSERT_ (nestling_lab_verify_never_overslept (lab, &nestling_lab_error_))
#define nestling_lab_assert_left_nothing(lab)                                                                         \
  NESTLING_LAB_ASSERT_ (nestling_lab_verify_left_nothing (lab, &nestling_lab_error_))
#define nestling_lab_assert_at_most_calls_per_step(lab, calls)                                                        \
  NESTLING_LAB_ASSERT_ (nestling_lab_verify_at_most_calls_per_step (lab, calls, &nestling_lab_error_))
#define nestling_lab_assert_at_most_allocations_per_step(lab, allocations)                                            \
  NESTLING_LAB_ASSERT_ (nestling_lab_verify_at_most_allocations_per_step (lab, allocations, &nestling_lab_error_))
#define nestling_lab_assert_one_wakeup_per_step(lab)                                                                  \
  NESTLING_LAB_ASSERT_ (nestling_lab_verify_one_wakeup_per_step (lab, &nestling_lab_error_))
#endif

G_END_DECLS
