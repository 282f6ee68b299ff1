/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

typedef gboolean (*MailboxFunc)(const char *letter, gpointer data);

/* A source that calls its callback, a MailboxFunc, for every letter. */
GSource *mailbox_new(void);
/* Any thread. */
void mailbox_post(GSource *mailbox, const char *letter);
