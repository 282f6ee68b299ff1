/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* NOLINTBEGIN(modernize-use-using): C. */

#define NESTLING_TYPE_LAB (nestling_lab_get_type ())
/**
 * NestlingLab:
 *
 * A laboratory for GSources: a fresh GMainContext, its iterations one phase at a time, and its time.
 *
 * Home thread: all of it is used on the thread that made it. The context is thread-default until nestling_lab_close().
 * While the lab's time is virtual, CLOCK_MONOTONIC, and with it g_get_monotonic_time() and timerfds, stand still for the
 * whole process, and move only when the lab polls, sleeps or is told to. There is one lab at a time in a process.
 *
 * Time is real where the lab does not stand before the C library: preload it for programs that load it late, as
 * interpreters do.
 */
G_DECLARE_FINAL_TYPE (NestlingLab, nestling_lab, NESTLING, LAB, GObject)

#define NESTLING_TYPE_LAB_RECORD (nestling_lab_record_get_type ())
/**
 * NestlingLabRecord:
 *
 * What the lab knows of one source. It lives on after the source; after the lab it keeps what it was last.
 */
typedef struct NestlingLabRecord NestlingLabRecord;

#define NESTLING_TYPE_LAB_STEP (nestling_lab_step_get_type ())
/**
 * NestlingLabStep:
 *
 * One iteration, from prepare to dispatch, as it was.
 */
typedef struct NestlingLabStep NestlingLabStep;

#define NESTLING_TYPE_LAB_SUBJECT (nestling_lab_subject_get_type ())
/**
 * NestlingLabSubject:
 *
 * What the conformance kit has to know of a kind of source.
 */
typedef struct NestlingLabSubject NestlingLabSubject;

#define NESTLING_TYPE_LAB_REPORT (nestling_lab_report_get_type ())
/**
 * NestlingLabReport:
 *
 * What the conformance kit found.
 */
typedef struct NestlingLabReport NestlingLabReport;

/**
 * NESTLING_LAB_MICROSECOND:
 *
 * A microsecond in the lab's unit.
 */
#define NESTLING_LAB_MICROSECOND (G_GINT64_CONSTANT (1000))
/**
 * NESTLING_LAB_MILLISECOND:
 *
 * A millisecond in the lab's unit.
 */
#define NESTLING_LAB_MILLISECOND (G_GINT64_CONSTANT (1000000))
/**
 * NESTLING_LAB_SECOND:
 *
 * A second in the lab's unit.
 */
#define NESTLING_LAB_SECOND (G_GINT64_CONSTANT (1000000000))
/**
 * NESTLING_LAB_HOUR:
 *
 * An hour in the lab's unit.
 */
#define NESTLING_LAB_HOUR (G_GINT64_CONSTANT (3600000000000))

#define NESTLING_LAB_ERROR (nestling_lab_error_quark ())
/**
 * nestling_lab_error_quark:
 *
 * Any thread.
 *
 * Returns: the domain of the lab's errors
 */
GQuark nestling_lab_error_quark (void);

/**
 * NestlingLabError:
 * @NESTLING_LAB_ERROR_EXISTS: there is a lab in this process already
 * @NESTLING_LAB_ERROR_FAILED: an assertion does not hold; the message says what happened instead, with the last steps
 * @NESTLING_LAB_ERROR_CLOSED: the lab was closed, or is used on a thread that is not its own
 *
 * Errors of the domain NESTLING_LAB_ERROR.
 */
typedef enum
{
  NESTLING_LAB_ERROR_EXISTS,
  NESTLING_LAB_ERROR_FAILED,
  NESTLING_LAB_ERROR_CLOSED
} NestlingLabError;

/**
 * NestlingLabFlags:
 * @NESTLING_LAB_FLAGS_NONE: the wall clock stays real
 * @NESTLING_LAB_FLAGS_WALL_CLOCK: CLOCK_REALTIME moves with the lab's time too
 *
 * How a lab is made.
 */
typedef enum
{
  NESTLING_LAB_FLAGS_NONE = 0,
  NESTLING_LAB_FLAGS_WALL_CLOCK = 1 << 0
} NestlingLabFlags;

/**
 * NestlingLabPhase:
 * @NESTLING_LAB_PHASE_PREPARE: g_main_context_prepare()
 * @NESTLING_LAB_PHASE_QUERY: g_main_context_query()
 * @NESTLING_LAB_PHASE_POLL: the poll
 * @NESTLING_LAB_PHASE_CHECK: g_main_context_check()
 * @NESTLING_LAB_PHASE_DISPATCH: g_main_context_dispatch()
 *
 * The phases of one iteration of a GMainContext.
 */
typedef enum
{
  NESTLING_LAB_PHASE_PREPARE,
  NESTLING_LAB_PHASE_QUERY,
  NESTLING_LAB_PHASE_POLL,
  NESTLING_LAB_PHASE_CHECK,
  NESTLING_LAB_PHASE_DISPATCH
} NestlingLabPhase;

/**
 * NestlingLabCall:
 * @NESTLING_LAB_CALL_READ: read, readv
 * @NESTLING_LAB_CALL_WRITE: write, writev
 * @NESTLING_LAB_CALL_POLL: poll, ppoll
 * @NESTLING_LAB_CALL_EPOLL_WAIT: epoll_wait and its kin
 * @NESTLING_LAB_CALL_EPOLL_CTL: epoll_ctl
 * @NESTLING_LAB_CALL_TIMERFD_SETTIME: timerfd_settime
 * @NESTLING_LAB_CALL_RECEIVE: recv, recvmsg
 * @NESTLING_LAB_CALL_SEND: send, sendmsg
 *
 * The system calls that the lab counts.
 */
typedef enum
{
  NESTLING_LAB_CALL_READ,
  NESTLING_LAB_CALL_WRITE,
  NESTLING_LAB_CALL_POLL,
  NESTLING_LAB_CALL_EPOLL_WAIT,
  NESTLING_LAB_CALL_EPOLL_CTL,
  NESTLING_LAB_CALL_TIMERFD_SETTIME,
  NESTLING_LAB_CALL_RECEIVE,
  NESTLING_LAB_CALL_SEND
} NestlingLabCall;

/**
 * NestlingLabFunc:
 * @user_data: what was given with the function
 *
 * Something to do.
 */
typedef void (*NestlingLabFunc) (gpointer user_data);

/**
 * NestlingLabCondition:
 * @user_data: what was given with the function
 *
 * Returns: whether it holds
 */
typedef gboolean (*NestlingLabCondition) (gpointer user_data);

/* NOLINTEND(modernize-use-using) */

G_END_DECLS
