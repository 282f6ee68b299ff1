// SPDX-License-Identifier: MIT
// A watch of GLib's is called for another file that has got the number of its descriptor.
#include <glib-unix.h>
#include <stdio.h>
#include <unistd.h>

int main() {
    int first[2];
    int second[2];
    if (pipe(first) != 0) {
        return 1;
    }
    g_unix_fd_add(
        first[0], G_IO_IN, [](gint, GIOCondition, gpointer) -> gboolean { return puts("called"), FALSE; }, nullptr);
    close(first[0]);
    if (pipe(second) != 0 || second[0] != first[0] || write(second[1], "x", 1) != 1) {
        return 1;
    }
    g_main_context_iteration(nullptr, FALSE);
}
