// SPDX-License-Identifier: MIT
#include <glib.h>
#include <nestling/nestling.hpp>

#include "operation/test_child.hpp"
#include "support/testing.hpp"
#include "unit/until.hpp"

using namespace nestling;
using namespace nestling::testing;

TEST_CASE("GLib's child watches and ours each get the child that is theirs", "[child][glib]") {
    Context context;
    TestChild ours(3);
    TestChild theirs(5);
    int our_code = -1;
    int their_code = -1;
    const ChildWatch watch(context, ours.pid(), "ours", [&](ChildStatus end) { our_code = end.value; });
    GMainContext* const main_context = g_main_context_new();
    GSource* const source = g_child_watch_source_new(theirs.pid());
    const GChildWatchFunc note = [](GPid, gint status, gpointer code) {
        *static_cast<int*>(code) = WEXITSTATUS(status);
    };
    g_source_set_callback(source, reinterpret_cast<GSourceFunc>(reinterpret_cast<void (*)()>(note)), &their_code,
                          nullptr);
    g_source_attach(source, main_context);
    const bool ours_first = GENERATE(true, false);
    (ours_first ? ours : theirs).let_end();
    (ours_first ? theirs : ours).let_end();
    poll_until(context, [&] { return our_code != -1; });
    while (their_code == -1) {
        g_main_context_iteration(main_context, TRUE);
    }
    CHECK(our_code == 3);
    CHECK(their_code == 5);
    g_source_destroy(source);
    g_source_unref(source);
    g_main_context_unref(main_context);
}
