// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

namespace nestling::testing {

// What a planted queue is woken by, and how GLib waits for it. Defined twice: an eventfd, and an event object of
// Windows.

int make_event() noexcept;
void set_event(int event) noexcept;
void clear_event(int event) noexcept;
int duplicate_event(int event) noexcept;
void close_event(int event) noexcept;

/// Has GLib wait for a descriptor on behalf of `source`; the tag is for the others.
gpointer watch_fd(GSource* source, int fd);
GIOCondition seen_of(GSource* source, gpointer tag);
void unwatch_fd(GSource* source, gpointer tag);
/// When the source is finalized.
void free_tag(gpointer tag);

int own_process() noexcept;

}  // namespace nestling::testing
