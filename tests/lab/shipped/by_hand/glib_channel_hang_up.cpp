// SPDX-License-Identifier: MIT
// How often a loop iterates in 100 ms when a GIOChannel is watched for input alone, and the other end hangs up.
#include <stdio.h>
#include <unistd.h>

#include "spin.hpp"

int main() {
    int ends[2];
    int calls = 0;
    if (pipe(ends) != 0) {
        return 1;
    }
    g_io_add_watch(
        g_io_channel_unix_new(ends[0]), G_IO_IN,
        [](GIOChannel*, GIOCondition, gpointer called) -> gboolean { return ++*static_cast<int*>(called), TRUE; },
        &calls);
    close(ends[1]);
    const int iterations = iterations_in_100_ms();
    printf("%d iterations, %d calls\n", iterations, calls);
}
