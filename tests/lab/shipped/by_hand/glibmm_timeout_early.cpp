// SPDX-License-Identifier: MIT
// How early the first dispatch of glibmm's TimeoutSource of 5 ms is, at worst, in 60 of them.
#include <glibmm.h>
#include <stdio.h>

int main() {
    Glib::init();
    int early = 0;
    gint64 worst = 0;
    for (int run = 0; run != 60; ++run) {
        bool is_over = false;
        const gint64 begin = g_get_monotonic_time();
        const auto source = Glib::TimeoutSource::create(5);
        source->connect([&is_over] { return !(is_over = true); });
        source->attach();
        while (!is_over) {
            g_main_context_iteration(nullptr, TRUE);
        }
        const gint64 rest = begin + 5000 - g_get_monotonic_time();
        early += rest > 0 ? 1 : 0;
        worst = rest > worst ? rest : worst;
    }
    printf("%d of 60 early, at worst by %d us\n", early, static_cast<int>(worst));
}
