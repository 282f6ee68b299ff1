// SPDX-License-Identifier: MIT
// A child process that iterates after fork() takes its parent's event.
#include <glib-unix.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main() {
    int ends[2];
    if (pipe(ends) != 0 || write(ends[1], "x", 1) != 1) {
        return 1;
    }
    setvbuf(stdout, nullptr, _IONBF, 0);
    g_unix_fd_add(
        ends[0], G_IO_IN,
        [](gint fd, GIOCondition, gpointer parent) -> gboolean {
            char byte = 0;
            const ssize_t count = read(fd, &byte, 1);
            puts(getpid() == GPOINTER_TO_INT(parent) ? "the parent has it" : "the child has it");
            return count == 1 ? TRUE : FALSE;
        },
        GINT_TO_POINTER(getpid()));
    if (fork() == 0) {
        g_main_context_iteration(nullptr, FALSE);
        _exit(0);
    }
    wait(nullptr);
    g_main_context_iteration(nullptr, FALSE);
    puts("end");
}
