// SPDX-License-Identifier: MIT
#include "window/widgets.hpp"

#include <sstream>

namespace demo {

void add_classes(GtkWidget* widget, const char* classes) {
    std::istringstream words(classes);
    for (std::string word; words >> word;) {
        gtk_widget_add_css_class(widget, word.c_str());
    }
}

void swap_class(GtkWidget* widget, const char* name, const char* other) {
    gtk_widget_remove_css_class(widget, other);
    gtk_widget_add_css_class(widget, name);
}

GtkWidget* make_label(const char* text, const char* classes) {
    GtkWidget* label = gtk_label_new(text);
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    add_classes(label, classes);
    return label;
}

void set_text(GtkWidget* label, const std::string& text) {
    if (text != gtk_label_get_text(GTK_LABEL(label))) {
        gtk_label_set_text(GTK_LABEL(label), text.c_str());
    }
}

GtkWidget* make_box(GtkOrientation orientation, int spacing) {
    return gtk_box_new(orientation, spacing);
}

void append(GtkWidget* box, GtkWidget* child) {
    gtk_box_append(GTK_BOX(box), child);
}

GtkWidget* make_card(const char* title, const char* hint, GtkWidget* content) {
    GtkWidget* heading = make_box(GTK_ORIENTATION_HORIZONTAL, 8);
    append(heading, make_label(title, "card-title"));
    GtkWidget* aside = make_label(hint, "card-hint");
    gtk_label_set_ellipsize(GTK_LABEL(aside), PANGO_ELLIPSIZE_END);
    append(heading, aside);
    GtkWidget* card = make_box(GTK_ORIENTATION_VERTICAL, 8);
    add_classes(card, "card");
    append(card, heading);
    append(card, content);
    return card;
}

}  // namespace demo
