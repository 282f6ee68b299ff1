// SPDX-License-Identifier: MIT
// Libraries that cannot be used, one by each value of REFUSED.
#include <stdlib.h>

#include <nestling-lab/plugin.h>

enum Refused { without_factory, null, empty, other_version, without_make, unknown_traits, crashes, throws };

namespace {

[[maybe_unused]] GSource* make(gpointer) {
    return g_idle_source_new();
}

[[maybe_unused]] const NestlingLabPlugin* factory(Refused refused) {
    constexpr guint later = NESTLING_LAB_PLUGIN_ABI + 1;
    constexpr guint trait = 1U << 31;
    static NestlingLabPlugin plugins[2] = {
        {NESTLING_LAB_PLUGIN_ABI, 0, "idle", make, nullptr, nullptr, nullptr, nullptr, nullptr}, {}};
    switch (refused) {
        case empty:
            plugins[0].name = nullptr;
            break;
        case other_version:
            plugins[0].abi = later;
            // What another version has there is none of our business.
            plugins[0].name = reinterpret_cast<const gchar*>(1);
            break;
        case without_make:
            plugins[0].make = nullptr;
            break;
        case unknown_traits:
            plugins[0].traits = trait;
            break;
        case crashes:
            abort();
        case throws:
            throw 1;
        case null:
        case without_factory:
            return nullptr;
    }
    return plugins;
}

}  // namespace

#ifdef REFUSED
const NestlingLabPlugin* nestling_lab_plugin() {
    return factory(REFUSED);
}
#endif
