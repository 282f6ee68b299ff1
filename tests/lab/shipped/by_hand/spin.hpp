// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

/// How often the default context iterates in 100 ms: once or twice if it sleeps.
inline int iterations_in_100_ms() {
    bool is_over = false;
    g_timeout_add(
        100,
        [](gpointer over) -> gboolean {
            *static_cast<bool*>(over) = true;
            return G_SOURCE_REMOVE;
        },
        &is_over);
    int iterations = 0;
    while (!is_over) {
        g_main_context_iteration(nullptr, TRUE);
        ++iterations;
    }
    return iterations;
}
