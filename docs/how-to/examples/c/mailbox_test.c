/* SPDX-License-Identifier: MIT */
#include <nestling-lab/nestling-lab.h>

#include "mailbox.h"

static gboolean on_letter(const char *letter, gpointer data)
{
    (void) letter;
    (void) data;
    nestling_lab_delivered();
    return G_SOURCE_CONTINUE;
}

static GSource *new_mailbox(gpointer data)
{
    (void) data;
    GSource *source = mailbox_new();
    g_source_set_callback(source, (GSourceFunc) (void (*)(void)) on_letter, NULL, NULL);
    return source;
}

static void post(GSource *mailbox, gpointer data)
{
    (void) data;
    mailbox_post(mailbox, "hello");
}

static void post_one(gpointer mailbox)
{
    mailbox_post(mailbox, "hello");
}

static void test_a_letter_is_delivered(void)
{
    g_autoptr(NestlingLab) lab = nestling_lab_new(NULL);
    GSource *source = new_mailbox(NULL);
    g_autoptr(NestlingLabRecord) mailbox = nestling_lab_take(lab, source);
    mailbox_post(source, "hello");
    nestling_lab_run_for(lab, NESTLING_LAB_SECOND);
    nestling_lab_assert_dispatched_once(lab, mailbox);
    nestling_lab_assert_never_spun(lab, 1);
}

static void test_a_letter_that_comes_before_the_poll_is_delivered(void)
{
    g_autoptr(NestlingLab) lab = nestling_lab_new(NULL);
    GSource *source = new_mailbox(NULL);
    g_autoptr(NestlingLabRecord) mailbox = nestling_lab_take(lab, source);
    nestling_lab_before(lab, NESTLING_LAB_PHASE_POLL, post_one, source, NULL);
    nestling_lab_step_unref(nestling_lab_step(lab));
    nestling_lab_assert_dispatched_once(lab, mailbox);
    nestling_lab_assert_never_overslept(lab);
}

static void test_it_keeps_the_promises_of_a_source(void)
{
    g_autoptr(NestlingLabReport) report =
        nestling_lab_check_source("mailbox", NESTLING_LAB_TRAITS_POSTS, new_mailbox, post, NULL, NULL, NULL);
    g_autofree char *text = nestling_lab_report_get_text(report);
    g_test_message("%s", text);
    g_assert_true(nestling_lab_report_has_passed(report));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mailbox/letter", test_a_letter_is_delivered);
    g_test_add_func("/mailbox/before-the-poll", test_a_letter_that_comes_before_the_poll_is_delivered);
    g_test_add_func("/mailbox/promises", test_it_keeps_the_promises_of_a_source);
    return g_test_run();
}
