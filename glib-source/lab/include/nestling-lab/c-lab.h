/* SPDX-License-Identifier: MIT */
#pragma once

#include <nestling-lab/c-types.h>

G_BEGIN_DECLS

/**
 * nestling_lab_new:
 * @error: (nullable): where an error goes
 *
 * Any thread, which becomes the lab's. Makes a lab that keeps 64 steps.
 *
 * Returns: (transfer full): the lab, or %NULL with NESTLING_LAB_ERROR_EXISTS
 */
NestlingLab *nestling_lab_new (GError **error);

/**
 * nestling_lab_new_full:
 * @flags: how
 * @steps_kept: how many of the last steps are kept
 * @patience: milliseconds of real time for which a loop that would sleep for ever waits for other threads and the kernel
 * @error: (nullable): where an error goes
 *
 * Any thread, which becomes the lab's.
 *
 * Returns: (transfer full): the lab, or %NULL with NESTLING_LAB_ERROR_EXISTS
 */
NestlingLab *nestling_lab_new_full (NestlingLabFlags flags, guint steps_kept, guint patience, GError **error);

/**
 * nestling_lab_close:
 * @lab: a lab
 *
 * Home thread, and not inside a step. Ends the lab: time is real again, and there may be another. The last unref does the
 * same; in languages with a garbage collector nobody knows when that is. Nothing else can be done with the lab then.
 */
void nestling_lab_close (NestlingLab *lab);

/**
 * nestling_lab_get_context:
 * @lab: a lab
 *
 * Home thread.
 *
 * Returns: (transfer none): the lab's context
 */
GMainContext *nestling_lab_get_context (NestlingLab *lab);

/**
 * nestling_lab_has_virtual_time:
 * @lab: a lab
 *
 * Home thread.
 *
 * Returns: whether time is the lab's
 */
gboolean nestling_lab_has_virtual_time (NestlingLab *lab);

/**
 * nestling_lab_get_why_real_time:
 * @lab: a lab
 *
 * Home thread.
 *
 * Returns: (nullable): why time is real, in one sentence; %NULL if it is virtual
 */
const char *nestling_lab_get_why_real_time (NestlingLab *lab);

/**
 * nestling_lab_now:
 * @lab: a lab
 *
 * Home thread.
 *
 * Returns: the lab's time in nanoseconds, since it was made
 */
gint64 nestling_lab_now (NestlingLab *lab);

/**
 * nestling_lab_advance:
 * @lab: a lab
 * @time: nanoseconds
 *
 * Home thread. Lets time pass without an iteration, as when the thread was busy. Scripted moments on the way happen.
 */
void nestling_lab_advance (NestlingLab *lab, gint64 time);

/**
 * nestling_lab_adopt:
 * @lab: a lab
 * @source: a source
 *
 * Home thread. Attaches @source, if it is not yet attached, and watches it. Sources that others attach are found and
 * watched at the next step.
 *
 * Returns: (transfer full): what is known of it
 */
NestlingLabRecord *nestling_lab_adopt (NestlingLab *lab, GSource *source);

/**
 * nestling_lab_take: (skip)
 * @lab: a lab
 * @source: (transfer full): a source
 *
 * Home thread. nestling_lab_adopt(), and drops the caller's reference.
 *
 * Returns: (transfer full): what is known of it
 */
NestlingLabRecord *nestling_lab_take (NestlingLab *lab, GSource *source);

/**
 * nestling_lab_find:
 * @lab: a lab
 * @source: a source that lives
 *
 * Home thread.
 *
 * Returns: (transfer full) (nullable): what is known of @source; %NULL if it is not watched
 */
NestlingLabRecord *nestling_lab_find (NestlingLab *lab, GSource *source);

/**
 * nestling_lab_get_records:
 * @lab: a lab
 *
 * Home thread.
 *
 * Returns: (transfer container) (element-type NestlingLabRecord): all sources that were ever watched, in the order of
 *   their numbers
 */
GPtrArray *nestling_lab_get_records (NestlingLab *lab);

/**
 * nestling_lab_step:
 * @lab: a lab
 *
 * Home thread. One whole iteration. It never waits in real time for something that may not come: a poll without limit
 * and with nothing scripted returns at once, and the step says nestling_lab_step_would_sleep().
 *
 * Returns: (transfer full): what happened
 */
NestlingLabStep *nestling_lab_step (NestlingLab *lab);

/**
 * nestling_lab_prepare:
 * @lab: a lab
 *
 * Home thread. The first phase of a step. Out of order the phases do what GLib does then.
 *
 * Returns: whether a source is ready
 */
gboolean nestling_lab_prepare (NestlingLab *lab);

/**
 * nestling_lab_query:
 * @lab: a lab
 *
 * Home thread. The second phase: what is to be polled.
 */
void nestling_lab_query (NestlingLab *lab);

/**
 * nestling_lab_poll:
 * @lab: a lab
 *
 * Home thread. The third phase.
 *
 * Returns: how many descriptors are ready; -1: it was interrupted
 */
int nestling_lab_poll (NestlingLab *lab);

/**
 * nestling_lab_check:
 * @lab: a lab
 *
 * Home thread. The fourth phase.
 *
 * Returns: whether a source is ready
 */
gboolean nestling_lab_check (NestlingLab *lab);

/**
 * nestling_lab_dispatch:
 * @lab: a lab
 *
 * Home thread. The last phase.
 */
void nestling_lab_dispatch (NestlingLab *lab);

/**
 * nestling_lab_pending:
 * @lab: a lab
 *
 * Home thread. g_main_context_pending(): prepares, polls and checks, and throws the result away.
 *
 * Returns: whether a source is ready
 */
gboolean nestling_lab_pending (NestlingLab *lab);

/**
 * nestling_lab_run_for:
 * @lab: a lab
 * @time: nanoseconds
 *
 * Home thread. Steps until so much time has passed. What is due at its end belongs to it.
 */
void nestling_lab_run_for (NestlingLab *lab, gint64 time);

/**
 * nestling_lab_run_until:
 * @lab: a lab
 * @limit: nanoseconds
 * @condition: (scope call) (closure user_data): asked before each step
 * @user_data: for @condition
 *
 * Home thread. Steps until @condition holds or the time is over. A loop that would sleep for ever waits for the kernel
 * and other threads, for the lab's patience; then the answer is %FALSE.
 *
 * Returns: whether @condition holds
 */
gboolean nestling_lab_run_until (NestlingLab *lab, gint64 limit, NestlingLabCondition condition, gpointer user_data);

G_END_DECLS
