/* SPDX-License-Identifier: MIT */
#pragma once

#include <nestling-lab/c-types.h>

G_BEGIN_DECLS

GType nestling_lab_record_get_type (void);

/**
 * nestling_lab_record_ref: (skip)
 * @record: a record
 *
 * Any thread.
 *
 * Returns: (transfer full): @record
 */
NestlingLabRecord *nestling_lab_record_ref (NestlingLabRecord *record);

/**
 * nestling_lab_record_unref: (skip)
 * @record: (transfer full): a record
 *
 * Any thread.
 */
void nestling_lab_record_unref (NestlingLabRecord *record);

/**
 * nestling_lab_record_get_number:
 * @record: a record
 *
 * Home thread.
 *
 * Returns: 1, 2, ...: the order in which the lab came to know the sources
 */
guint nestling_lab_record_get_number (const NestlingLabRecord *record);

/**
 * nestling_lab_record_get_name:
 * @record: a record
 *
 * Home thread.
 *
 * Returns: the source's name when the lab came to know it
 */
const char *nestling_lab_record_get_name (const NestlingLabRecord *record);

/**
 * nestling_lab_record_get_prepared:
 * @record: a record
 *
 * Home thread.
 *
 * Returns: how often the source was asked to prepare
 */
guint64 nestling_lab_record_get_prepared (const NestlingLabRecord *record);

/**
 * nestling_lab_record_get_checked:
 * @record: a record
 *
 * Home thread.
 *
 * Returns: how often the source was asked to check
 */
guint64 nestling_lab_record_get_checked (const NestlingLabRecord *record);

/**
 * nestling_lab_record_get_dispatched:
 * @record: a record
 *
 * Home thread.
 *
 * Returns: how often the source was dispatched
 */
guint64 nestling_lab_record_get_dispatched (const NestlingLabRecord *record);

/**
 * nestling_lab_record_get_dispatch_times:
 * @record: a record
 * @n_times: (out): how many
 *
 * Home thread. O(dispatches).
 *
 * Returns: (array length=n_times) (transfer full): the lab's time in nanoseconds at each begin of a dispatch
 */
gint64 *nestling_lab_record_get_dispatch_times (const NestlingLabRecord *record, gsize *n_times);

/**
 * nestling_lab_record_is_finalized:
 * @record: a record
 *
 * Home thread.
 *
 * Returns: whether the source is gone
 */
gboolean nestling_lab_record_is_finalized (const NestlingLabRecord *record);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NestlingLabRecord, nestling_lab_record_unref)

G_END_DECLS
