/* SPDX-License-Identifier: MIT */
/* The kit from C. */
#include "c_support.h"

/* A queue whose post wakes the loop. When `is_hasty`, a dispatch that finds nothing ends it. */
typedef struct
{
  GSource source;
  gint posted;
} Queue;

static gboolean is_hasty;

static gboolean
queue_ready (Queue *queue)
{
  return g_atomic_int_get (&queue->posted) != 0;
}

static gboolean
queue_prepare (GSource *source, gint *timeout)
{
  *timeout = -1;
  return queue_ready ((Queue *) source);
}

static gboolean
queue_check (GSource *source)
{
  return queue_ready ((Queue *) source);
}

static gboolean
queue_dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  Queue *queue = (Queue *) source;
  if (is_hasty && !queue_ready (queue))
    return G_SOURCE_REMOVE;
  while (queue_ready (queue))
    {
      g_atomic_int_add (&queue->posted, -1);
      if (!callback (data))
        return G_SOURCE_REMOVE;
      if (g_source_is_destroyed (source))
        break;
    }
  return G_SOURCE_CONTINUE;
}

static gboolean
queue_event (gpointer data)
{
  (void) data;
  nestling_lab_delivered ();
  return G_SOURCE_CONTINUE;
}

static GSource *
new_queue (gpointer data)
{
  static GSourceFuncs functions = { queue_prepare, queue_check, queue_dispatch, NULL, NULL, NULL };
  GSource *source = named (g_source_new (&functions, sizeof (Queue)), "queue");
  ++*(guint *) data;
  g_source_set_can_recurse (source, TRUE);
  g_source_set_callback (source, queue_event, NULL, NULL);
  return source;
}

static void
post (GSource *source, gpointer data)
{
  (void) data;
  g_atomic_int_inc (&((Queue *) source)->posted);
  if (g_source_get_context (source) != NULL)
    g_main_context_wakeup (g_source_get_context (source));
}

static void
add_without_wakeup (gpointer queue)
{
  g_atomic_int_inc (&((Queue *) queue)->posted);
}

static void
test_the_kit_passes_a_good_source_and_fails_a_bad_one (void)
{
  guint made = 0;
  guint number = 0;
  guint failed = 0;
  for (is_hasty = FALSE; is_hasty <= TRUE; ++is_hasty)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (NestlingLabReport) report
          = nestling_lab_check_source ("queue", NESTLING_LAB_TRAITS_NONE, new_queue, post, &made, NULL, &error);
      g_autofree char *text = NULL;
      g_assert_no_error (error);
      text = nestling_lab_report_get_text (report);
      g_test_message ("%s", text);
      g_assert_cmpuint (nestling_lab_report_get_n_cases (report), ==, 24);
      g_assert_true (nestling_lab_report_has_passed (report) == !is_hasty);
      for (number = 0; number != 24; ++number)
        if (nestling_lab_report_get_outcome (report, number) == NESTLING_LAB_OUTCOME_FAILED)
          {
            ++failed;
            g_assert_cmpuint (number, ==, 4);
            g_assert_cmpstr (nestling_lab_report_get_name (report, number), !=, "");
            g_assert_cmpstr (nestling_lab_report_get_why (report, number), !=, "");
            g_assert_cmpstr (nestling_lab_report_get_words (report, number), !=, "");
            g_assert_true (g_str_has_prefix (nestling_lab_report_get_trace (report, number), "step "));
          }
      g_assert_null (nestling_lab_report_get_name (report, 24));
    }
  /* Case 4: dispatch with nothing to do. */
  g_assert_cmpuint (failed, ==, 1);
  g_assert_cmpuint (made, >, 24);
}

static GPtrArray *held;

static GSource *
new_held_queue (gpointer data)
{
  GSource *source = new_queue (data);
  g_ptr_array_add (held, g_source_ref (source));
  return source;
}

static void
test_references_of_others_are_no_fault_of_a_source_that_says_so (void)
{
  guint made = 0;
  NestlingLabTraits traits;
  is_hasty = FALSE;
  held = g_ptr_array_new_with_free_func ((GDestroyNotify) g_source_unref);
  for (traits = NESTLING_LAB_TRAITS_NONE; traits <= NESTLING_LAB_TRAITS_HELD; traits += NESTLING_LAB_TRAITS_HELD)
    {
      g_autoptr (NestlingLabReport) report
          = nestling_lab_check_source ("held", traits, new_held_queue, post, &made, NULL, NULL);
      const NestlingLabOutcome wanted
          = traits == NESTLING_LAB_TRAITS_HELD ? NESTLING_LAB_OUTCOME_PASSED : NESTLING_LAB_OUTCOME_FAILED;
      g_assert_cmpint (nestling_lab_report_get_outcome (report, 10), ==, wanted);
      g_assert_cmpint (nestling_lab_report_get_outcome (report, 12), ==, wanted);
      g_assert_cmpint (nestling_lab_report_get_outcome (report, 21), ==, wanted);
    }
  g_ptr_array_unref (held);
}

static void
test_a_lost_wakeup_is_told (void)
{
  g_autoptr (NestlingLab) lab = new_lab ();
  g_autoptr (NestlingLabStep) step = NULL;
  g_autoptr (GError) error = NULL;
  guint made = 0;
  GSource *source = new_queue (&made);
  g_autoptr (NestlingLabRecord) queue = nestling_lab_take (lab, source);
  nestling_lab_before (lab, NESTLING_LAB_PHASE_POLL, add_without_wakeup, source, NULL);
  step = nestling_lab_step (lab);
  g_assert_true (nestling_lab_step_would_sleep (step));
  nestling_lab_assert_dispatched_once (lab, queue);
  g_assert_false (nestling_lab_verify_never_overslept (lab, &error));
  g_assert_nonnull (strstr (error->message, "nobody woke its poll"));
}

static void
post_to_nobody (GSource *source, gpointer data)
{
  (void) data;
  add_without_wakeup (source);
}

static void
test_the_kit_finds_posts_that_wake_nobody (void)
{
  guint made = 0;
  g_autoptr (NestlingLabReport) good
      = nestling_lab_check_source ("queue", NESTLING_LAB_TRAITS_POSTS, new_queue, post, &made, NULL, NULL);
  g_autoptr (NestlingLabReport) bad
      = nestling_lab_check_source ("queue", NESTLING_LAB_TRAITS_POSTS, new_queue, post_to_nobody, &made, NULL, NULL);
  g_assert_cmpstr (nestling_lab_report_get_words (good, 22), !=, "a post between prepare and poll wakes nobody");
  g_assert_cmpstr (nestling_lab_report_get_words (bad, 22), ==, "a post between prepare and poll wakes nobody");
}

static void
test_the_kit_wants_no_lab (void)
{
  g_autoptr (NestlingLab) lab = new_lab ();
  g_autoptr (GError) error = NULL;
  guint made = 0;
  g_assert_null (nestling_lab_check_source ("queue", NESTLING_LAB_TRAITS_NONE, new_queue, post, &made, NULL, &error));
  g_assert_error (error, NESTLING_LAB_ERROR, NESTLING_LAB_ERROR_EXISTS);
}

static GSource *
new_timer (gpointer data)
{
  GSource *source = timer_of (20);
  (void) data;
  g_source_set_callback (source, queue_event, NULL, NULL);
  return source;
}

static void
arm (GSource *source, gint64 time, gpointer data)
{
  (void) data;
  g_source_set_ready_time (source, g_get_monotonic_time () + time / NESTLING_LAB_MICROSECOND);
}

static void
count_free (gpointer data)
{
  ++*(guint *) data;
}

static void
test_a_subject_has_all_that_the_kit_can_ask (void)
{
  guint freed = 0;
  NestlingLabSubject *subject
      = nestling_lab_subject_new ("timer", NESTLING_LAB_TRAITS_REPEATS, new_timer, &freed, count_free);
  g_autoptr (NestlingLabReport) report = NULL;
  nestling_lab_subject_set_arm (subject, arm, &freed, count_free);
  report = nestling_lab_subject_check (subject, NULL);
  g_assert_cmpint (nestling_lab_report_get_outcome (report, 8), !=, NESTLING_LAB_OUTCOME_NOT_APPLICABLE);
  nestling_lab_subject_unref (subject);
  g_assert_cmpuint (freed, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/c/the-kit-passes-and-fails", test_the_kit_passes_a_good_source_and_fails_a_bad_one);
  g_test_add_func ("/lab/c/held", test_references_of_others_are_no_fault_of_a_source_that_says_so);
  g_test_add_func ("/lab/c/a-lost-wakeup-is-told", test_a_lost_wakeup_is_told);
  g_test_add_func ("/lab/c/posts-that-wake-nobody", test_the_kit_finds_posts_that_wake_nobody);
  g_test_add_func ("/lab/c/the-kit-wants-no-lab", test_the_kit_wants_no_lab);
  g_test_add_func ("/lab/c/a-subject", test_a_subject_has_all_that_the_kit_can_ask);
  return g_test_run ();
}
