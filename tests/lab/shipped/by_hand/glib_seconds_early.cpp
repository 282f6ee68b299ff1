// SPDX-License-Identifier: MIT
// How early a timeout of whole seconds is due, at worst, over a second of beginnings.
#include <glib.h>
#include <stdio.h>

int main() {
    gint64 worst = 0;
    for (int begin = 0; begin != 100; ++begin) {
        GSource* source = g_timeout_source_new_seconds(1);
        const gint64 due = g_source_get_ready_time(source) - g_get_monotonic_time();
        worst = 1'000'000 - due > worst ? 1'000'000 - due : worst;
        g_source_unref(source);
        g_usleep(10'000);
    }
    printf("%d ms early at worst\n", static_cast<int>(worst / 1000));
}
