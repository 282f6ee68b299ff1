/* SPDX-License-Identifier: MIT */
#pragma once

#include <nestling-lab/c-types.h>

G_BEGIN_DECLS

/**
 * nestling_lab_counts_calls:
 * @lab: a lab
 *
 * Home thread.
 *
 * Returns: whether system calls are counted; if not, their numbers are 0
 */
gboolean nestling_lab_counts_calls (NestlingLab *lab);

/**
 * nestling_lab_counts_allocations:
 * @lab: a lab
 *
 * Home thread.
 *
 * Returns: whether allocations are counted; if not, their number is 0
 */
gboolean nestling_lab_counts_allocations (NestlingLab *lab);

/**
 * nestling_lab_count_calls:
 * @lab: a lab
 * @call: which
 *
 * Home thread.
 *
 * Returns: how many such system calls the lab's thread made, since the lab was made
 */
guint64 nestling_lab_count_calls (NestlingLab *lab, NestlingLabCall call);

/**
 * nestling_lab_count_all_calls:
 * @lab: a lab
 *
 * Home thread.
 *
 * Returns: how many system calls, of those that are counted, the lab's thread made
 */
guint64 nestling_lab_count_all_calls (NestlingLab *lab);

/**
 * nestling_lab_count_allocations:
 * @lab: a lab
 *
 * Home thread.
 *
 * Returns: how often the lab's thread asked for memory, since the lab was made
 */
guint64 nestling_lab_count_allocations (NestlingLab *lab);

/**
 * nestling_lab_get_wakeups:
 * @lab: a lab
 *
 * Home thread.
 *
 * Returns: how often the context's wake-up was written, by any thread, since the lab was made
 */
guint64 nestling_lab_get_wakeups (NestlingLab *lab);

/**
 * nestling_lab_get_steps_made:
 * @lab: a lab
 *
 * Home thread.
 *
 * Returns: how many steps there were
 */
guint64 nestling_lab_get_steps_made (NestlingLab *lab);

/**
 * nestling_lab_get_steps:
 * @lab: a lab
 *
 * Home thread. O(steps kept).
 *
 * Returns: (transfer container) (element-type NestlingLabStep): the steps kept, oldest first
 */
GPtrArray *nestling_lab_get_steps (NestlingLab *lab);

/**
 * nestling_lab_get_longest_spin:
 * @lab: a lab
 *
 * Home thread.
 *
 * Returns: the longest run of steps in which no poll slept although nothing was dispatched
 */
guint64 nestling_lab_get_longest_spin (NestlingLab *lab);

/**
 * nestling_lab_get_leftovers:
 * @lab: a lab
 *
 * Home thread.
 *
 * Returns: (nullable): the sources, descriptors and thread-default contexts left behind, a line for each; %NULL: none
 */
char *nestling_lab_get_leftovers (NestlingLab *lab);

/**
 * nestling_lab_get_timeline:
 * @lab: a lab
 * @last: of how many steps
 *
 * Home thread.
 *
 * Returns: the last steps as a timeline
 */
char *nestling_lab_get_timeline (NestlingLab *lab, guint last);

/**
 * nestling_lab_get_json:
 * @lab: a lab
 *
 * Home thread.
 *
 * Returns: {"sources": [...], "steps": [...]}
 */
char *nestling_lab_get_json (NestlingLab *lab);

G_END_DECLS
