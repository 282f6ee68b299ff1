/* SPDX-License-Identifier: MIT */
#include "c_support.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <unistd.h>

static gboolean
note_conditions (gint fd, GIOCondition conditions, gpointer data)
{
  (void) fd;
  *(GIOCondition *) data = conditions;
  return G_SOURCE_CONTINUE;
}

static GSource *
reader_of (int fd, GIOCondition *seen)
{
  GSource *source = named (g_unix_fd_source_new (fd, G_IO_IN), "reader");
  g_source_set_callback (source, G_SOURCE_FUNC (note_conditions), seen, NULL);
  return source;
}

static void
settle (NestlingLab *lab)
{
  gboolean rests = FALSE;
  while (!rests)
    {
      g_autoptr (NestlingLabStep) step = nestling_lab_step (lab);
      rests = nestling_lab_step_would_sleep (step);
    }
}

static void
test_a_day_is_exact (void)
{
  g_autoptr (NestlingLab) lab = new_lab ();
  g_autoptr (NestlingLabRecord) timer = nestling_lab_take (lab, timer_of (1000));
  g_autofree gint64 *times = NULL;
  gsize n_times = 0;
  g_assert_cmpint (nestling_lab_now (lab), ==, 0);
  nestling_lab_run_for (lab, 24 * NESTLING_LAB_HOUR);
  g_assert_cmpuint (nestling_lab_record_get_dispatched (timer), ==, 86400);
  times = nestling_lab_record_get_dispatch_times (timer, &n_times);
  g_assert_cmpuint (n_times, ==, 86400);
  g_assert_cmpint (times[86399], ==, 24 * NESTLING_LAB_HOUR);
  nestling_lab_assert_fired_every (lab, timer, NESTLING_LAB_SECOND, 0);
  nestling_lab_assert_never_before (lab, timer, NESTLING_LAB_SECOND);
  nestling_lab_assert_never_spun (lab, 0);
  g_assert_true (nestling_lab_has_virtual_time (lab));
  g_assert_null (nestling_lab_get_why_real_time (lab));
  g_assert_true (nestling_lab_counts_calls (lab));
  g_assert_cmpuint (nestling_lab_count_all_calls (lab), ==, 0);
  nestling_lab_assert_at_most_calls_per_step (lab, 0);
}

static void
test_one_lab_at_a_time (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NestlingLab) lab = new_lab ();
  g_assert_null (nestling_lab_new (&error));
  g_assert_error (error, NESTLING_LAB_ERROR, NESTLING_LAB_ERROR_EXISTS);
  nestling_lab_close (lab);
  {
    g_autoptr (NestlingLab) other = new_lab ();
    g_assert_true (nestling_lab_get_context (other) == g_main_context_get_thread_default ());
  }
}

static void
test_a_closed_lab_is_refused (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NestlingLab) lab = new_lab ();
  g_autoptr (NestlingLabRecord) timer = nestling_lab_take (lab, timer_of (10));
  nestling_lab_run_for (lab, 50 * NESTLING_LAB_MILLISECOND);
  nestling_lab_close (lab);
  g_test_expect_message ("Nestling-Lab", G_LOG_LEVEL_CRITICAL, "*nestling_lab_now: the lab was closed");
  g_assert_cmpint (nestling_lab_now (lab), ==, 0);
  g_test_assert_expected_messages ();
  g_assert_false (nestling_lab_verify_dispatched_once (lab, timer, &error));
  g_assert_error (error, NESTLING_LAB_ERROR, NESTLING_LAB_ERROR_CLOSED);
  /* What was seen stays. */
  g_assert_cmpuint (nestling_lab_record_get_dispatched (timer), ==, 5);
  g_assert_cmpstr (nestling_lab_record_get_name (timer), ==, "timer");
}

static void
test_null_is_refused (void)
{
  g_autoptr (NestlingLab) lab = new_lab ();
  g_test_expect_message ("Nestling-Lab", G_LOG_LEVEL_CRITICAL, "*'record != nullptr' failed");
  g_assert_false (nestling_lab_verify_dispatched_once (lab, NULL, NULL));
  g_test_expect_message ("Nestling-Lab", G_LOG_LEVEL_CRITICAL, "*'source != nullptr' failed");
  g_assert_null (nestling_lab_adopt (lab, NULL));
  g_test_expect_message ("Nestling-Lab", G_LOG_LEVEL_CRITICAL, "nestling_lab_step: this is no lab");
  g_assert_null (nestling_lab_step (NULL));
  g_test_expect_message ("Nestling-Lab", G_LOG_LEVEL_CRITICAL, "*'step != nullptr' failed");
  g_assert_cmpuint (nestling_lab_step_get_number (NULL), ==, 0);
  g_test_assert_expected_messages ();
}

static gpointer
ask_the_time (gpointer lab)
{
  g_test_expect_message ("Nestling-Lab", G_LOG_LEVEL_CRITICAL, "*a lab is used on its own thread only");
  nestling_lab_now (lab);
  g_test_assert_expected_messages ();
  return NULL;
}

static void
test_another_thread_is_refused (void)
{
  g_autoptr (NestlingLab) lab = new_lab ();
  g_thread_join (g_thread_new ("other", ask_the_time, lab));
}

static gboolean
close_it (gpointer lab)
{
  g_test_expect_message ("Nestling-Lab", G_LOG_LEVEL_CRITICAL, "*cannot end inside a step*");
  nestling_lab_close (lab);
  g_test_assert_expected_messages ();
  return G_SOURCE_REMOVE;
}

static void
test_a_lab_does_not_end_inside_a_step (void)
{
  g_autoptr (NestlingLab) lab = new_lab ();
  GSource *source = named (g_idle_source_new (), "idle");
  g_autoptr (NestlingLabRecord) idle = NULL;
  g_source_set_callback (source, close_it, lab, NULL);
  idle = nestling_lab_take (lab, source);
  nestling_lab_run_for (lab, 0);
  nestling_lab_assert_dispatched_once (lab, idle);
  g_assert_true (nestling_lab_record_is_finalized (idle));
}

static void
test_a_failure_tells_and_shows (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NestlingLab) lab = new_lab ();
  g_autoptr (NestlingLabRecord) timer = nestling_lab_take (lab, timer_of (10));
  const gint64 times[] = { 10 * NESTLING_LAB_MILLISECOND, 21 * NESTLING_LAB_MILLISECOND };
  nestling_lab_run_for (lab, 20 * NESTLING_LAB_MILLISECOND);
  g_assert_false (nestling_lab_verify_dispatched_once (lab, timer, &error));
  g_assert_error (error, NESTLING_LAB_ERROR, NESTLING_LAB_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "timer#1 was dispatched 2 times"));
  g_assert_nonnull (strstr (error->message, "\n  dispatch  timer#1  at 20 ms"));
  g_clear_error (&error);
  g_assert_false (nestling_lab_verify_fired_at (lab, timer, times, G_N_ELEMENTS (times), 0, &error));
  g_assert_nonnull (strstr (error->message, "1000000 ns early"));
  g_clear_error (&error);
  g_assert_false (nestling_lab_verify_never_dispatched (lab, timer, NULL));
  g_assert_false (nestling_lab_verify_left_nothing (lab, &error));
  g_assert_nonnull (strstr (error->message, "source timer#1"));
}

static void
test_the_macros_abort_with_the_timeline (void)
{
  if (g_test_subprocess ())
    {
      NestlingLab *lab = new_lab ();
      NestlingLabRecord *timer = nestling_lab_take (lab, timer_of (10));
      nestling_lab_run_for (lab, 20 * NESTLING_LAB_MILLISECOND);
      nestling_lab_assert_dispatched_once (lab, timer);
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*c_api_test.c*timer#1 was dispatched 2 times*dispatch  timer#1  at 20 ms*");
}

static void
test_the_script_answers_polls (void)
{
  g_autoptr (NestlingLab) lab = new_lab ();
  GIOCondition seen = 0;
  const int fd = nestling_lab_fake_fd (lab);
  g_autoptr (NestlingLabRecord) reader = nestling_lab_take (lab, reader_of (fd, &seen));
  g_autoptr (NestlingLabStep) first = NULL;
  g_autoptr (NestlingLabStep) second = NULL;
  settle (lab);
  nestling_lab_at_interrupt (lab, NESTLING_LAB_MILLISECOND);
  nestling_lab_at_pulse (lab, 2 * NESTLING_LAB_MILLISECOND, fd, G_IO_IN | G_IO_HUP);
  first = nestling_lab_step (lab);
  g_assert_cmpint (nestling_lab_step_get_poll_result (first), ==, -1);
  g_assert_cmpint (nestling_lab_step_get_poll_error (first), ==, EINTR);
  g_assert_cmpint (nestling_lab_step_get_slept (first), ==, NESTLING_LAB_MILLISECOND);
  g_assert_false (nestling_lab_step_has_dispatched (first, reader));
  second = nestling_lab_step (lab);
  g_assert_true (nestling_lab_step_has_dispatched (second, reader));
  g_assert_cmpint (nestling_lab_step_get_timeout (second), ==, -1);
  g_assert_cmpint (seen, ==, G_IO_IN | G_IO_HUP);
  nestling_lab_at_ready (lab, 5 * NESTLING_LAB_MILLISECOND, fd, G_IO_IN);
  nestling_lab_at_clear (lab, 6 * NESTLING_LAB_MILLISECOND, fd);
  nestling_lab_run_for (lab, NESTLING_LAB_SECOND);
  nestling_lab_assert_never_spun (lab, 1);
  g_assert_cmpuint (nestling_lab_record_get_dispatched (reader), >, 1);
}

static void
test_phases_one_by_one (void)
{
  g_autoptr (NestlingLab) lab = new_lab ();
  GIOCondition seen = 0;
  const int fd = nestling_lab_fake_fd (lab);
  g_autoptr (NestlingLabRecord) reader = nestling_lab_take (lab, reader_of (fd, &seen));
  settle (lab);
  nestling_lab_at_pulse (lab, 0, fd, G_IO_IN);
  g_assert_false (nestling_lab_prepare (lab));
  nestling_lab_query (lab);
  g_assert_cmpint (nestling_lab_poll (lab), ==, 1);
  g_assert_true (nestling_lab_check (lab));
  nestling_lab_assert_never_dispatched (lab, reader);
  nestling_lab_dispatch (lab);
  nestling_lab_assert_dispatched_once (lab, reader);
  g_assert_false (nestling_lab_pending (lab));
}

static void
note_time (gpointer data)
{
  gint64 **times = data;
  *(*times)++ = g_get_monotonic_time ();
}

static void
count_destroy (gpointer data)
{
  gint64 **times = data;
  *(*times)++ = -1;
}

static void
test_actions_are_called_and_freed_once (void)
{
  NestlingLab *lab = new_lab ();
  const gint64 begin = g_get_monotonic_time ();
  gint64 notes[8] = { 0 };
  gint64 *next = notes;
  nestling_lab_at_call (lab, NESTLING_LAB_HOUR, note_time, &next, count_destroy);
  nestling_lab_advance (lab, 2 * NESTLING_LAB_HOUR);
  g_assert_cmpint (next - notes, ==, 2);
  g_assert_cmpint (notes[0], ==, begin + G_TIME_SPAN_HOUR);
  g_assert_cmpint (notes[1], ==, -1);
  nestling_lab_before (lab, NESTLING_LAB_PHASE_CHECK, note_time, &next, count_destroy);
  nestling_lab_step_unref (nestling_lab_step (lab));
  g_assert_cmpint (next - notes, ==, 4);
  nestling_lab_at_call (lab, 3 * NESTLING_LAB_HOUR, note_time, &next, count_destroy);
  g_object_unref (lab);
  /* The one whose time never came is freed with the lab. */
  g_assert_cmpint (next - notes, ==, 5);
  g_assert_cmpint (notes[4], ==, -1);
}

static void
wake (gpointer lab_context)
{
  g_main_context_wakeup (lab_context);
}

static void
iterate (gpointer lab_context)
{
  g_main_context_iteration (lab_context, FALSE);
}

static void
test_other_threads (void)
{
  g_autoptr (NestlingLab) lab = new_lab ();
  g_autoptr (NestlingLabRecord) kept = NULL;
  g_autoptr (NestlingLabRecord) idle = NULL;
  GSource *source = NULL;
  guint count = 0;
  nestling_lab_on_thread (lab, wake, nestling_lab_get_context (lab));
  g_assert_cmpuint (nestling_lab_get_wakeups (lab), ==, 1);
  source = named (g_idle_source_new (), "idle");
  g_source_set_callback (source, stay, &count, NULL);
  idle = nestling_lab_take (lab, source);
  nestling_lab_on_owner_thread (lab, iterate, nestling_lab_get_context (lab));
  g_assert_cmpuint (count, ==, 1);
  g_source_destroy (source);
  g_assert_true (nestling_lab_record_is_finalized (idle));
  source = timer_of (1);
  kept = nestling_lab_adopt (lab, source);
  g_source_destroy (source);
  g_assert_false (nestling_lab_record_is_finalized (kept));
  nestling_lab_unref_on_thread (lab, source);
  g_assert_true (nestling_lab_record_is_finalized (kept));
  nestling_lab_assert_left_nothing (lab);
}

static gboolean
fired_thrice (gpointer record)
{
  return nestling_lab_record_get_dispatched (record) == 3;
}

static void
test_run_until (void)
{
  g_autoptr (NestlingLab) lab = new_lab ();
  g_autoptr (NestlingLabRecord) timer = nestling_lab_take (lab, timer_of (3600 * 1000));
  g_assert_false (nestling_lab_run_until (lab, 2 * NESTLING_LAB_HOUR, fired_thrice, timer));
  g_assert_cmpint (nestling_lab_now (lab), ==, 2 * NESTLING_LAB_HOUR);
  g_assert_true (nestling_lab_run_until (lab, 2 * NESTLING_LAB_HOUR, fired_thrice, timer));
  g_assert_cmpint (nestling_lab_now (lab), ==, 3 * NESTLING_LAB_HOUR);
}

static void
test_records_and_steps_are_kept (void)
{
  g_autoptr (NestlingLab) lab = nestling_lab_new_full (NESTLING_LAB_FLAGS_WALL_CLOCK, 3, 1, NULL);
  const gint64 wall = g_get_real_time ();
  GSource *source = timer_of (10);
  g_autoptr (NestlingLabRecord) timer = nestling_lab_adopt (lab, source);
  g_autoptr (NestlingLabRecord) found = nestling_lab_find (lab, source);
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (GPtrArray) steps = NULL;
  g_autofree char *json = NULL;
  g_autofree guint *order = NULL;
  gsize n_order = 0;
  g_assert_true (found == timer);
  nestling_lab_run_for (lab, NESTLING_LAB_SECOND);
  g_assert_cmpint (g_get_real_time (), ==, wall + G_TIME_SPAN_SECOND);
  records = nestling_lab_get_records (lab);
  g_assert_cmpuint (records->len, ==, 1);
  g_assert_true (records->pdata[0] == timer);
  steps = nestling_lab_get_steps (lab);
  g_assert_cmpuint (steps->len, ==, 3);
  g_assert_cmpuint (nestling_lab_step_get_number (steps->pdata[2]), ==, nestling_lab_get_steps_made (lab));
  order = nestling_lab_step_get_dispatch_order (steps->pdata[0], &n_order);
  g_assert_cmpuint (n_order, ==, 1);
  g_assert_cmpuint (order[0], ==, nestling_lab_record_get_number (timer));
  json = nestling_lab_get_json (lab);
  g_assert_nonnull (strstr (json, "\"steps\":["));
  g_source_destroy (source);
  g_source_unref (source);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/c/a-day-is-exact", test_a_day_is_exact);
  g_test_add_func ("/lab/c/one-lab-at-a-time", test_one_lab_at_a_time);
  g_test_add_func ("/lab/c/a-closed-lab-is-refused", test_a_closed_lab_is_refused);
  g_test_add_func ("/lab/c/null-is-refused", test_null_is_refused);
  g_test_add_func ("/lab/c/another-thread-is-refused", test_another_thread_is_refused);
  g_test_add_func ("/lab/c/a-lab-does-not-end-inside-a-step", test_a_lab_does_not_end_inside_a_step);
  g_test_add_func ("/lab/c/a-failure-tells-and-shows", test_a_failure_tells_and_shows);
  g_test_add_func ("/lab/c/the-macros-abort-with-the-timeline", test_the_macros_abort_with_the_timeline);
  g_test_add_func ("/lab/c/the-script-answers-polls", test_the_script_answers_polls);
  g_test_add_func ("/lab/c/phases-one-by-one", test_phases_one_by_one);
  g_test_add_func ("/lab/c/actions-are-called-and-freed-once", test_actions_are_called_and_freed_once);
  g_test_add_func ("/lab/c/other-threads", test_other_threads);
  g_test_add_func ("/lab/c/run-until", test_run_until);
  g_test_add_func ("/lab/c/records-and-steps-are-kept", test_records_and_steps_are_kept);
  return g_test_run ();
}
