/* SPDX-License-Identifier: MIT */
#ifndef C_SUPPORT_H
#define C_SUPPORT_H

#include <nestling-lab/nestling-lab.h>

static inline gboolean
stay (gpointer data)
{
  if (data != NULL)
    ++*(guint *) data;
  return G_SOURCE_CONTINUE;
}

static inline GSource *
named (GSource *source, const char *name)
{
  g_source_set_name (source, name);
  return source;
}

static inline GSource *
timer_of (guint milliseconds)
{
  GSource *source = named (g_timeout_source_new (milliseconds), "timer");
  g_source_set_callback (source, stay, NULL, NULL);
  return source;
}

static inline NestlingLab *
new_lab (void)
{
  g_autoptr (GError) error = NULL;
  NestlingLab *lab = nestling_lab_new (&error);
  g_assert_no_error (error);
  g_assert_nonnull (lab);
  return lab;
}

#endif
