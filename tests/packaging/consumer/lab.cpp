// SPDX-License-Identifier: MIT
// A test that has nothing of Nestling but the Source Lab.
#include <nestling-lab/nestling-lab.h>

#include <cstdio>
#include <nestling-lab/assertions.hpp>

int main() {
    GSource* source = g_timeout_source_new(1000);
    g_source_set_callback(
        source, [](gpointer) -> gboolean { return G_SOURCE_CONTINUE; }, nullptr, nullptr);
    nestling::lab::Lab lab;
    const nestling::lab::SourceRecord& timer = lab.take(source);
    lab.run_for(std::chrono::hours(1));
    const bool is_exact = nestling::lab::fired_every(timer, std::chrono::seconds(1))(lab).holds;
    GError* error = nullptr;
    const bool is_refused = nestling_lab_new(&error) == nullptr;
    std::printf("%s %s\n", is_exact ? "exact" : "inexact", is_refused ? error->message : "two labs");
    g_clear_error(&error);
    return 0;
}
