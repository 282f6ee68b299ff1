/* SPDX-License-Identifier: MIT */
/* What a shared library exports so that `nestling-lab check` finds the sources in it. C and C++. */
#ifndef NESTLING_LAB_PLUGIN_H
#define NESTLING_LAB_PLUGIN_H

#include <glib.h>

G_BEGIN_DECLS

#if defined(_WIN32)
#define NESTLING_LAB_EXPORT __declspec(dllexport)
#else
#define NESTLING_LAB_EXPORT __attribute__((visibility("default")))
#endif

/* The version of what follows. The command refuses a library of another one. */
#define NESTLING_LAB_PLUGIN_ABI 1u

/* What a kind of source does that not all do. Bits. */
/* It is removed after its first event. */
#define NESTLING_LAB_ONE_SHOT 1u
/* It delivers events that nobody stimulates: an idle source, a timer that repeats. */
#define NESTLING_LAB_REPEATS 2u
/* To stimulate it is to post: from any thread, and all that the post writes is a wake-up. */
#define NESTLING_LAB_POSTS 4u
/* Others hold references to it: that it is finalized, and closes what it owns, is not asked. */
#define NESTLING_LAB_HELD 8u

/* One kind of source. All is called on the lab's thread, unless the source posts. Of each function but `make` null is
   allowed. */
/* NOLINTNEXTLINE(modernize-use-using): C. */
typedef struct NestlingLabPlugin {
    /* NESTLING_LAB_PLUGIN_ABI */
    guint abi;
    guint traits;
    /* Null ends the array. */
    const gchar *name;
    /* A new source with its callback set, not attached. The reference is the caller's. */
    GSource *(*make)(gpointer data);
    /* Brings about one event of `source`, which is attached. Null: its events come with time. */
    void (*stimulate)(GSource *source, gpointer data);
    /* Of a timer: its next event is due after `nanoseconds` from now. */
    void (*arm)(GSource *source, gint64 nanoseconds, gpointer data);
    /* The descriptor that the source watches and does not own. */
    int (*fd)(GSource *source, gpointer data);
    /* Of a source that belongs to an adapter: ends the adapter, and with it the source, but for the caller's reference.
       Null: g_source_destroy(). */
    void (*destroy)(GSource *source, gpointer data);
    gpointer data;
} NestlingLabPlugin;

/* For the library to define: an array of kinds of sources, and after them one without a name. Is called once in each
   process, before anything else. */
NESTLING_LAB_EXPORT const NestlingLabPlugin *nestling_lab_plugin(void);

/* Any thread. For the callback of a source: tells the kit that an event has been delivered. */
void nestling_lab_delivered(void);

G_END_DECLS

#endif
