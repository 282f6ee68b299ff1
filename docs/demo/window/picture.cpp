// SPDX-License-Identifier: MIT
#include "window/picture.hpp"

namespace demo {

std::string save_picture(GtkWidget* window, const std::string& file) {
    GdkPaintable* paintable = gtk_widget_paintable_new(window);
    const double width = gdk_paintable_get_intrinsic_width(paintable);
    const double height = gdk_paintable_get_intrinsic_height(paintable);
    GtkSnapshot* snapshot = gtk_snapshot_new();
    gdk_paintable_snapshot(paintable, snapshot, width, height);
    GskRenderNode* node = gtk_snapshot_free_to_node(snapshot);
    g_object_unref(paintable);
    GskRenderer* renderer = gtk_native_get_renderer(GTK_NATIVE(window));
    if (node == nullptr || renderer == nullptr) {
        return "there is nothing to take a picture of";
    }
    const graphene_rect_t area = GRAPHENE_RECT_INIT(0, 0, static_cast<float>(width), static_cast<float>(height));
    GdkTexture* texture = gsk_renderer_render_texture(renderer, node, &area);
    gsk_render_node_unref(node);
    const bool saved = gdk_texture_save_to_png(texture, file.c_str()) != FALSE;
    g_object_unref(texture);
    return saved ? std::string() : "cannot write the picture to " + file;
}

}  // namespace demo
