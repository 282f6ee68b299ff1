// SPDX-License-Identifier: MIT
// The watch of a GstBus.
#include <gst/gst.h>

#include "support.hpp"

namespace {

using namespace shipped;

gboolean on_message(GstBus*, GstMessage*, gpointer) {
    nestling_lab_delivered();
    return G_SOURCE_CONTINUE;
}

GSource* make_bus(gpointer) {
    GstBus* bus = current<GstBus>() = gst_bus_new();
    GSource* source = gst_bus_create_watch(bus);
    g_source_set_callback(source, G_SOURCE_FUNC(on_message), bus, gst_object_unref);
    return source;
}

void post(GSource*, gpointer) {
    gst_bus_post(current<GstBus>(), gst_message_new_application(nullptr, gst_structure_new_empty("event")));
}

}  // namespace

const NestlingLabPlugin* nestling_lab_plugin() {
    gst_init(nullptr, nullptr);
    static const std::array plugins{plugin("GstBus", NESTLING_LAB_POSTS, make_bus, post), NestlingLabPlugin{}};
    return plugins.data();
}
