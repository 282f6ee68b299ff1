/* SPDX-License-Identifier: MIT */
#include "mailbox.h"

typedef struct {
    GSource source;
    GAsyncQueue *letters;
} Mailbox;

static GAsyncQueue *letters_of(GSource *source)
{
    return ((Mailbox *) source)->letters;
}

static gboolean prepare(GSource *source, gint *timeout)
{
    *timeout = -1;
    return g_async_queue_length(letters_of(source)) > 0;
}

static gboolean check(GSource *source)
{
    return g_async_queue_length(letters_of(source)) > 0;
}

static gboolean dispatch(GSource *source, GSourceFunc callback, gpointer data)
{
    char *letter = g_async_queue_try_pop(letters_of(source));
    gboolean stays = letter == NULL || ((MailboxFunc) (void (*)(void)) callback)(letter, data);
    g_free(letter);
    return stays;
}

void mailbox_post(GSource *mailbox, const char *letter)
{
    GAsyncQueue *letters = letters_of(mailbox);
    g_async_queue_lock(letters);
    gboolean is_first = g_async_queue_length_unlocked(letters) <= 0;
    g_async_queue_push_unlocked(letters, g_strdup(letter));
    g_async_queue_unlock(letters);
    if (is_first && g_source_get_context(mailbox) != NULL)
        g_main_context_wakeup(g_source_get_context(mailbox));
}

static void finalize(GSource *source)
{
    g_async_queue_unref(letters_of(source));
}

GSource *mailbox_new(void)
{
    static GSourceFuncs functions = {prepare, check, dispatch, finalize, NULL, NULL};
    GSource *source = g_source_new(&functions, sizeof(Mailbox));
    ((Mailbox *) source)->letters = g_async_queue_new_full(g_free);
    g_source_set_can_recurse(source, TRUE);
    g_source_set_static_name(source, "mailbox");
    return source;
}
