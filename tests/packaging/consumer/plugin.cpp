// SPDX-License-Identifier: MIT
// A library for nestling-lab to check.
#include <nestling-lab/plugin.h>

namespace {

GSource* make(gpointer) {
    const GSourceFunc callback = [](gpointer) -> gboolean {
        nestling_lab_delivered();
        return G_SOURCE_CONTINUE;
    };
    GSource* source = g_idle_source_new();
    g_source_set_callback(source, callback, nullptr, nullptr);
    return source;
}

}  // namespace

const NestlingLabPlugin* nestling_lab_plugin() {
    static const NestlingLabPlugin plugins[] = {
        {NESTLING_LAB_PLUGIN_ABI, NESTLING_LAB_REPEATS, "idle", make, nullptr, nullptr, nullptr, nullptr, nullptr}, {}};
    return plugins;
}
