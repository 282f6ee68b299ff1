/* SPDX-License-Identifier: MIT */
#pragma once

#include <nestling-lab/c-types.h>

G_BEGIN_DECLS

GType nestling_lab_step_get_type (void);

/**
 * nestling_lab_step_ref: (skip)
 * @step: a step
 *
 * Any thread.
 *
 * Returns: (transfer full): @step
 */
NestlingLabStep *nestling_lab_step_ref (NestlingLabStep *step);

/**
 * nestling_lab_step_unref: (skip)
 * @step: (transfer full): a step
 *
 * Any thread.
 */
void nestling_lab_step_unref (NestlingLabStep *step);

/**
 * nestling_lab_step_get_number:
 * @step: a step
 *
 * Any thread, as all functions of steps: a step does not change.
 *
 * Returns: 1, 2, ...
 */
guint64 nestling_lab_step_get_number (const NestlingLabStep *step);

/**
 * nestling_lab_step_get_depth:
 * @step: a step
 *
 * Any thread.
 *
 * Returns: 0, or how many dispatches of others it happened inside
 */
guint nestling_lab_step_get_depth (const NestlingLabStep *step);

/**
 * nestling_lab_step_get_begin:
 * @step: a step
 *
 * Any thread.
 *
 * Returns: the lab's time when it began, in nanoseconds
 */
gint64 nestling_lab_step_get_begin (const NestlingLabStep *step);

/**
 * nestling_lab_step_get_end:
 * @step: a step
 *
 * Any thread.
 *
 * Returns: the lab's time when it ended, in nanoseconds
 */
gint64 nestling_lab_step_get_end (const NestlingLabStep *step);

/**
 * nestling_lab_step_get_timeout:
 * @step: a step
 *
 * Any thread.
 *
 * Returns: what GLib passed to poll, in milliseconds; -1: no limit
 */
int nestling_lab_step_get_timeout (const NestlingLabStep *step);

/**
 * nestling_lab_step_get_slept:
 * @step: a step
 *
 * Any thread.
 *
 * Returns: how much of the lab's time the poll took, in nanoseconds
 */
gint64 nestling_lab_step_get_slept (const NestlingLabStep *step);

/**
 * nestling_lab_step_get_poll_result:
 * @step: a step
 *
 * Any thread.
 *
 * Returns: how many descriptors were ready; -1: the poll failed
 */
int nestling_lab_step_get_poll_result (const NestlingLabStep *step);

/**
 * nestling_lab_step_get_poll_error:
 * @step: a step
 *
 * Any thread.
 *
 * Returns: the errno of a poll that failed; 0: it did not
 */
int nestling_lab_step_get_poll_error (const NestlingLabStep *step);

/**
 * nestling_lab_step_would_sleep:
 * @step: a step
 *
 * Any thread.
 *
 * Returns: whether nothing was ready, nothing scripted, and there was no limit: the loop would sleep until another thread
 *   wakes it
 */
gboolean nestling_lab_step_would_sleep (const NestlingLabStep *step);

/**
 * nestling_lab_step_get_wakeups:
 * @step: a step
 *
 * Any thread.
 *
 * Returns: how often the context's wake-up was written, by any thread
 */
guint64 nestling_lab_step_get_wakeups (const NestlingLabStep *step);

/**
 * nestling_lab_step_count_calls:
 * @step: a step
 * @call: which
 *
 * Any thread.
 *
 * Returns: how many such system calls the lab's thread made
 */
guint64 nestling_lab_step_count_calls (const NestlingLabStep *step, NestlingLabCall call);

/**
 * nestling_lab_step_count_allocations:
 * @step: a step
 *
 * Any thread.
 *
 * Returns: how often the lab's thread asked for memory
 */
guint64 nestling_lab_step_count_allocations (const NestlingLabStep *step);

/**
 * nestling_lab_step_has_prepared:
 * @step: a step
 * @record: a source
 *
 * Any thread.
 *
 * Returns: whether the source was asked to prepare
 */
gboolean nestling_lab_step_has_prepared (const NestlingLabStep *step, const NestlingLabRecord *record);

/**
 * nestling_lab_step_has_checked:
 * @step: a step
 * @record: a source
 *
 * Any thread.
 *
 * Returns: whether the source was asked to check
 */
gboolean nestling_lab_step_has_checked (const NestlingLabStep *step, const NestlingLabRecord *record);

/**
 * nestling_lab_step_has_dispatched:
 * @step: a step
 * @record: a source
 *
 * Any thread.
 *
 * Returns: whether the source was dispatched
 */
gboolean nestling_lab_step_has_dispatched (const NestlingLabStep *step, const NestlingLabRecord *record);

/**
 * nestling_lab_step_get_dispatch_order:
 * @step: a step
 * @n_numbers: (out): how many
 *
 * Any thread.
 *
 * Returns: (array length=n_numbers) (transfer full): the numbers of the sources, in the order of their dispatch
 */
guint *nestling_lab_step_get_dispatch_order (const NestlingLabStep *step, gsize *n_numbers);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NestlingLabStep, nestling_lab_step_unref)

G_END_DECLS
