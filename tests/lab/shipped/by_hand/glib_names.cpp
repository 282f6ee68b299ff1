// SPDX-License-Identifier: MIT
// The names of GLib's sources.
#include <glib-unix.h>
#include <stdio.h>

#include <initializer_list>

int main() {
    for (GSource* source : {g_idle_source_new(), g_timeout_source_new(1), g_unix_fd_source_new(0, G_IO_IN)}) {
        printf("%s\n", g_source_get_name(source) != nullptr ? g_source_get_name(source) : "(none)");
    }
}
