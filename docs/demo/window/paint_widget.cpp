// SPDX-License-Identifier: MIT
#include "window/paint_widget.hpp"

#include <utility>

namespace demo {

namespace {

// GObject wants plain structs with C names; the C++ object hangs on a pointer.
struct DemoPaint {
    GtkWidget parent;
    std::function<void(Canvas&)>* paint;
};

DemoPaint* self_of(gpointer object) {
    return static_cast<DemoPaint*>(object);
}

void snapshot(GtkWidget* widget, GtkSnapshot* snapshot) {
    Canvas canvas(widget, snapshot);
    (*self_of(widget)->paint)(canvas);
}

void finalize(GObject* object) {
    delete self_of(object)->paint;
    G_OBJECT_CLASS(g_type_class_peek(GTK_TYPE_WIDGET))->finalize(object);
}

void class_init(gpointer type, gpointer) {
    GTK_WIDGET_CLASS(type)->snapshot = snapshot;
    G_OBJECT_CLASS(type)->finalize = finalize;
}

// By hand, because what G_DEFINE_TYPE expands to is not C++ of this house's kind.
GType paint_type() {
    static const GType type =
        g_type_register_static_simple(GTK_TYPE_WIDGET, "NestlingDemoPaint", sizeof(GtkWidgetClass), class_init,
                                      sizeof(DemoPaint), nullptr, GTypeFlags{});
    return type;
}

}  // namespace

Canvas::Canvas(GtkWidget* widget, GtkSnapshot* snapshot)
    : widget_(widget),
      snapshot_(snapshot),
      width_(static_cast<float>(gtk_widget_get_width(widget))),
      height_(static_cast<float>(gtk_widget_get_height(widget))) {}

void Canvas::fill(float x, float y, float width, float height, const GdkRGBA& colour) {
    const graphene_rect_t area = GRAPHENE_RECT_INIT(x, y, width, height);
    gtk_snapshot_append_color(snapshot_, &colour, &area);
}

void Canvas::text(float x, float y, Align align, const char* text, const GdkRGBA& colour) {
    PangoLayout* layout = gtk_widget_create_pango_layout(widget_, text);
    PangoAttrList* attributes = pango_attr_list_new();
    pango_attr_list_insert(attributes, pango_attr_size_new_absolute(10 * PANGO_SCALE));
    pango_layout_set_attributes(layout, attributes);
    pango_attr_list_unref(attributes);
    int width = 0;
    pango_layout_get_pixel_size(layout, &width, nullptr);
    const float share = align == Align::left ? 0.0F : align == Align::centre ? 0.5F : 1.0F;
    const graphene_point_t origin = GRAPHENE_POINT_INIT(x - share * static_cast<float>(width), y);
    gtk_snapshot_save(snapshot_);
    gtk_snapshot_translate(snapshot_, &origin);
    gtk_snapshot_append_layout(snapshot_, layout, &colour);
    gtk_snapshot_restore(snapshot_);
    g_object_unref(layout);
}

GtkWidget* make_paint_widget(int width, int height, std::function<void(Canvas&)> paint) {
    GtkWidget* widget = GTK_WIDGET(g_object_new(paint_type(), nullptr));
    self_of(widget)->paint = new std::function<void(Canvas&)>(std::move(paint));
    gtk_widget_set_size_request(widget, width, height);
    gtk_widget_set_hexpand(widget, TRUE);
    gtk_widget_set_overflow(widget, GTK_OVERFLOW_HIDDEN);
    return widget;
}

}  // namespace demo
