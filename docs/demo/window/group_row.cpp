// SPDX-License-Identifier: MIT
#include "window/group_row.hpp"

#include <utility>

#include "window/widgets.hpp"

namespace demo {

namespace {

constexpr const char* row_key = "nestling-demo-row";

void set_up(GtkSignalListItemFactory*, GtkListItem* item, gpointer) {
    GtkWidget* head = make_label("", "group-head");
    gtk_widget_set_hexpand(head, TRUE);
    GtkWidget* line = make_box(GTK_ORIENTATION_HORIZONTAL, 8);
    append(line, head);
    append(line, make_label("", "group-waste"));
    GtkWidget* names = make_label("", "group-names");
    gtk_label_set_ellipsize(GTK_LABEL(names), PANGO_ELLIPSIZE_MIDDLE);
    GtkWidget* row = make_box(GTK_ORIENTATION_VERTICAL, 3);
    append(row, line);
    append(row, names);
    gtk_list_item_set_child(item, row);
    gtk_list_item_set_activatable(item, FALSE);
}

void bind(GtkSignalListItemFactory*, GtkListItem* item, gpointer) {
    const auto* row = static_cast<const GroupRow*>(g_object_get_data(G_OBJECT(gtk_list_item_get_item(item)), row_key));
    GtkWidget* line = gtk_widget_get_first_child(gtk_list_item_get_child(item));
    set_text(gtk_widget_get_first_child(line), row->head);
    set_text(gtk_widget_get_last_child(line), row->waste);
    set_text(gtk_widget_get_next_sibling(line), row->names);
}

}  // namespace

GObject* make_group_item(GroupRow row) {
    GObject* item = G_OBJECT(g_object_new(G_TYPE_OBJECT, nullptr));
    g_object_set_data_full(item, row_key, new GroupRow(std::move(row)),
                           [](gpointer data) { delete static_cast<GroupRow*>(data); });
    return item;
}

GtkListItemFactory* make_group_factory() {
    GtkListItemFactory* factory = gtk_signal_list_item_factory_new();
    connect(factory, "setup", set_up, nullptr);
    connect(factory, "bind", bind, nullptr);
    return factory;
}

}  // namespace demo
