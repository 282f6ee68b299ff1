/* SPDX-License-Identifier: MIT */
#pragma once

#include <nestling-lab/c-types.h>

G_BEGIN_DECLS

/**
 * nestling_lab_fake_fd:
 * @lab: a lab
 *
 * Home thread.
 *
 * Returns: the number of a descriptor that does not exist, and whose answers are scripted
 */
int nestling_lab_fake_fd (NestlingLab *lab);

/**
 * nestling_lab_at_ready:
 * @lab: a lab
 * @time: the lab's time, in nanoseconds; at once if it is past
 * @fd: a descriptor, real or fake
 * @conditions: what poll reports
 *
 * Home thread. From then on @fd is ready for @conditions. Those that nobody polls for are not reported, but for ERR, HUP
 * and NVAL. Makes the descriptor a scripted one.
 */
void nestling_lab_at_ready (NestlingLab *lab, gint64 time, int fd, GIOCondition conditions);

/**
 * nestling_lab_at_clear:
 * @lab: a lab
 * @time: the lab's time, in nanoseconds
 * @fd: a descriptor
 *
 * Home thread. From then on it is not ready.
 */
void nestling_lab_at_clear (NestlingLab *lab, gint64 time, int fd);

/**
 * nestling_lab_at_pulse:
 * @lab: a lab
 * @time: the lab's time, in nanoseconds
 * @fd: a descriptor
 * @conditions: what poll reports
 *
 * Home thread. The next poll from then on is told @conditions, once.
 */
void nestling_lab_at_pulse (NestlingLab *lab, gint64 time, int fd, GIOCondition conditions);

/**
 * nestling_lab_at_interrupt:
 * @lab: a lab
 * @time: the lab's time, in nanoseconds
 *
 * Home thread. The poll that goes on then, or the next one, fails with EINTR.
 */
void nestling_lab_at_interrupt (NestlingLab *lab, gint64 time);

/**
 * nestling_lab_at_call:
 * @lab: a lab
 * @time: the lab's time, in nanoseconds
 * @func: (scope notified) (closure user_data) (destroy destroy): called once
 * @user_data: for @func
 * @destroy: (nullable): called for @user_data afterwards, or when the lab ends
 *
 * Home thread. Calls @func when that time has come; at once, inside the next step, if it is past. A poll that goes on then
 * ends with nothing ready, so that the loop sees what @func has changed.
 */
void nestling_lab_at_call (NestlingLab *lab, gint64 time, NestlingLabFunc func, gpointer user_data,
                           GDestroyNotify destroy);

/**
 * nestling_lab_before:
 * @lab: a lab
 * @phase: a phase
 * @func: (scope notified) (closure user_data) (destroy destroy): called once
 * @user_data: for @func
 * @destroy: (nullable): called for @user_data afterwards, or when the lab ends
 *
 * Home thread. Calls @func before the next @phase of a step.
 */
void nestling_lab_before (NestlingLab *lab, NestlingLabPhase phase, NestlingLabFunc func, gpointer user_data,
                          GDestroyNotify destroy);

/**
 * nestling_lab_on_thread:
 * @lab: a lab
 * @func: (scope call) (closure user_data): what the thread does
 * @user_data: for @func
 *
 * Home thread. Runs @func on another thread, and waits for it. Not for gjs, whose functions run on its own thread only.
 */
void nestling_lab_on_thread (NestlingLab *lab, NestlingLabFunc func, gpointer user_data);

/**
 * nestling_lab_on_owner_thread:
 * @lab: a lab
 * @func: (scope call) (closure user_data): what the thread does
 * @user_data: for @func
 *
 * Home thread. The same as nestling_lab_on_thread(), with the context free to be acquired by that thread.
 */
void nestling_lab_on_owner_thread (NestlingLab *lab, NestlingLabFunc func, gpointer user_data);

/**
 * nestling_lab_unref_on_thread:
 * @lab: a lab
 * @source: (transfer full): a source
 *
 * Home thread. Drops a reference on another thread, and waits for that.
 */
void nestling_lab_unref_on_thread (NestlingLab *lab, GSource *source);

G_END_DECLS
